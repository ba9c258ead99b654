-- What the operator asks of subscriptions, invoices and usage.
ALTER TABLE "subscriptions" ADD COLUMN "interval_count" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "invoices" ADD COLUMN "attempted" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "usage_counters_period_meter_user_id_idx" ON "usage_counters"("period", "meter", "user_id");

-- The inbox: events that do not name their customer, and why one was ignored.
ALTER TABLE "stripe_events" ADD COLUMN "object_id" TEXT,
ADD COLUMN "ignored_because" TEXT;

CREATE TABLE "stripe_account" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "account_id" TEXT,
    "livemode" BOOLEAN NOT NULL,
    "bound_at" TIMESTAMPTZ(3) NOT NULL,
    "stopped_because" TEXT,
    "stopped_at" TIMESTAMPTZ(3),
    "portal_configuration_id" TEXT,

    CONSTRAINT "stripe_account_pkey" PRIMARY KEY ("only")
);

CREATE TABLE "reconcile_runs" (
    "id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "stage" TEXT NOT NULL,
    "cursor" TEXT,
    "customers" INTEGER NOT NULL DEFAULT 0,
    "unknown" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "reconcile_runs_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "reconcile_runs_started_at_idx" ON "reconcile_runs"("started_at" DESC);

CREATE TABLE "reconcile_drift" (
    "run_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "object_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "user_id" TEXT,
    "detail" TEXT NOT NULL,
    "repaired" BOOLEAN NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reconcile_drift_pkey" PRIMARY KEY ("run_id","kind","object_id")
);

ALTER TABLE "reconcile_drift" ADD CONSTRAINT "reconcile_drift_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "reconcile_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on: what the Prisma schema cannot express.

ALTER TABLE "stripe_account" ADD CONSTRAINT "stripe_account_only_check" CHECK ("only");
ALTER TABLE "stripe_account" ADD CONSTRAINT "stripe_account_stopped_check" CHECK ("stopped_because" IN ('another_account', 'another_mode', 'customers_unknown'));

-- Few rows of long tables: what was given up, and what is not paid yet.
CREATE INDEX "stripe_events_dead_idx" ON "stripe_events"("received_at") WHERE "state" = 'dead';
CREATE INDEX "invoices_open_idx" ON "invoices"("created_at" DESC, "id" DESC) WHERE "status" = 'open';

-- One walk at a time is unfinished.
CREATE UNIQUE INDEX "reconcile_runs_unfinished_key" ON "reconcile_runs"((true)) WHERE "finished_at" IS NULL;
