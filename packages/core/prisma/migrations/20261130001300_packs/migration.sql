-- Packs of credits: who has opened a checkout of one, and what became of the payment of a grant.

ALTER TABLE "checkouts" ADD COLUMN "packs" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "grants" ADD COLUMN "amount_refunded" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN "dispute_status" TEXT,
ADD COLUMN "taken_back" BOOLEAN NOT NULL DEFAULT false;

-- From here on: what the Prisma schema cannot express.

-- The few grants that the operator is told about.
CREATE INDEX "grants_payment_trouble_idx" ON "grants"("user_id") WHERE "amount_refunded" > 0 OR "taken_back";
