-- What is sent to Stripe of the overage that was sold, and what keeps overage from being sold for a moment. A process of the
-- version before neither reads nor writes any of it.

CREATE TABLE "overage_deliveries" (
    "identifier" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "item_id" TEXT,
    "currency" TEXT NOT NULL,
    "unit_price" DECIMAL(30,12) NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "part" INTEGER NOT NULL,
    "units" BIGINT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "invoice_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "first_sent_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "overage_deliveries_pkey" PRIMARY KEY ("identifier")
);

CREATE UNIQUE INDEX "overage_deliveries_user_id_meter_subscription_id_period_sta_key" ON "overage_deliveries"("user_id", "meter", "subscription_id", "period_start", "hour", "part");

CREATE INDEX "overage_deliveries_user_id_meter_occurred_at_idx" ON "overage_deliveries"("user_id", "meter", "occurred_at");

ALTER TABLE "overage_deliveries" ADD CONSTRAINT "overage_deliveries_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "overage_stops" (
    "user_id" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "overage_stops_pkey" PRIMARY KEY ("user_id")
);

ALTER TABLE "overage_stops" ADD CONSTRAINT "overage_stops_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Whether Stripe's metadata asks for the overage items of the present plan, which a job then adds.
ALTER TABLE "subscriptions" ADD COLUMN "overage_due" BOOLEAN NOT NULL DEFAULT false;

-- From here on: what the Prisma schema cannot express.

ALTER TABLE "overage_deliveries" ADD CONSTRAINT "overage_deliveries_units_check" CHECK ("units" <> 0);
ALTER TABLE "overage_deliveries" ADD CONSTRAINT "overage_deliveries_state_check" CHECK ("state" IN ('pending', 'delivered', 'rejected', 'unbilled', 'refund_due'));

-- One under way for each customer and meter.
CREATE UNIQUE INDEX "overage_deliveries_pending_key" ON "overage_deliveries"("user_id", "meter") WHERE "state" = 'pending';

-- What the operator is told.
CREATE INDEX "overage_deliveries_told_idx" ON "overage_deliveries"("user_id") WHERE "state" IN ('rejected', 'unbilled', 'refund_due') AND "resolved_at" IS NULL;

CREATE INDEX "subscriptions_overage_due_idx" ON "subscriptions"("user_id") WHERE "overage_due";
