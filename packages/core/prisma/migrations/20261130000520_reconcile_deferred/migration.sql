-- The customers that a reconcile run asks about once more: Stripe could not be asked, or did not know them.
CREATE TABLE "reconcile_deferred" (
  "run_id" uuid NOT NULL,
  "customer_id" text NOT NULL,
  "user_id" text NOT NULL,
  "tries" integer NOT NULL,
  "reason" text NOT NULL,
  CONSTRAINT "reconcile_deferred_pkey" PRIMARY KEY ("run_id", "customer_id"),
  CONSTRAINT "reconcile_deferred_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "reconcile_runs" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);
