-- Reservations stand in the ledger, so that their keys share its one space of keys.
ALTER TABLE "usage" ADD COLUMN "reserved" BIGINT,
ADD COLUMN "ttl_seconds" INTEGER,
ADD COLUMN "expires_at" TIMESTAMPTZ(3),
ADD COLUMN "held" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "settled_metadata" JSONB;

ALTER TABLE "usage_counters" ADD COLUMN "next_expiry" TIMESTAMPTZ(3);

CREATE TABLE "usage_closings" (
    "user_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "amount" BIGINT,
    "reason" TEXT,
    "actor_kind" TEXT,
    "actor_id" TEXT,
    "balance_used" BIGINT NOT NULL,
    "balance_reserved" BIGINT NOT NULL,
    "balance_limit" BIGINT,

    CONSTRAINT "usage_closings_pkey" PRIMARY KEY ("user_id","id","kind")
);

-- From here on: what the Prisma schema cannot express.

ALTER TABLE "usage_closings" ADD CONSTRAINT "usage_closings_kind_check" CHECK ("kind" IN ('settled', 'released', 'voided'));
ALTER TABLE "usage" DROP CONSTRAINT "usage_amount_check";
ALTER TABLE "usage" ADD CONSTRAINT "usage_amount_check" CHECK ("amount" > 0 OR ("verb" = 'reserve' AND "amount" = 0));
ALTER TABLE "usage" ADD CONSTRAINT "usage_reserved_check" CHECK (("verb" = 'reserve') = ("reserved" IS NOT NULL) AND ("verb" = 'reserve') = ("expires_at" IS NOT NULL));

-- Open reservations of a counter, the next to expire first: few rows, however long the ledger is.
CREATE INDEX "usage_held_idx" ON "usage"("user_id", "meter", "period", "expires_at") WHERE "held";
