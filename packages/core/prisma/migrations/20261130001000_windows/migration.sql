-- Over which times a subscription gives its user's `billing` windows. A sync writes them; until the first one after this
-- migration, such windows step from when the user became known.
CREATE TABLE "billing_spans" (
    "user_id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3),
    "anchor" TIMESTAMPTZ(3) NOT NULL,
    "steps_after" TIMESTAMPTZ(3),

    CONSTRAINT "billing_spans_pkey" PRIMARY KEY ("user_id","subscription_id","starts_at")
);

-- How each meter reset when a server last started, so that a change of it is noticed.
CREATE TABLE "meter_resets" (
    "meter" TEXT NOT NULL,
    "resets" TEXT NOT NULL,

    CONSTRAINT "meter_resets_pkey" PRIMARY KEY ("meter")
);

-- The next sync or reconcile run fills it in.
ALTER TABLE "subscriptions" ADD COLUMN "billing_cycle_anchor" TIMESTAMPTZ(3);

-- Where the window of a `billing` meter ended, as the answer said that is given to a repeat. Null: its key says it.
ALTER TABLE "usage" ADD COLUMN "balance_resets_at" TIMESTAMPTZ(3);
ALTER TABLE "usage_closings" ADD COLUMN "balance_resets_at" TIMESTAMPTZ(3);

-- AddForeignKey
ALTER TABLE "billing_spans" ADD CONSTRAINT "billing_spans_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From here on: what the Prisma schema cannot express.

-- A subscription's time is open until it ends; a user has one such at most.
CREATE UNIQUE INDEX "billing_spans_open_key" ON "billing_spans"("user_id") WHERE "ends_at" IS NULL;
ALTER TABLE "billing_spans" ADD CONSTRAINT "billing_spans_order_check" CHECK ("starts_at" <= "ends_at");
ALTER TABLE "meter_resets" ADD CONSTRAINT "meter_resets_resets_check" CHECK ("resets" IN ('month', 'billing', 'day', 'hour', 'never'));
