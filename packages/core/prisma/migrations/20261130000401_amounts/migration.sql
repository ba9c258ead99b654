-- A price with tiers, in packages, or of a part of the minor unit has no amount for one.
ALTER TABLE "subscriptions" ALTER COLUMN "unit_amount" DROP NOT NULL;
