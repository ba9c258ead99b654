-- A change under way may be to another interval. The next sync or reconcile run fills it in.
ALTER TABLE "subscriptions" ADD COLUMN "pending_interval" text;
