-- What a period costs after discounts. The next sync or reconcile run fills it in.
ALTER TABLE "subscriptions" ADD COLUMN "net_amounts" jsonb;
