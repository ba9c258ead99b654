-- Whether collection is paused, when an invoice is due, and what became of a dispute about its payment. The next sync or
-- reconcile run fills them in.
ALTER TABLE "subscriptions" ADD COLUMN "pause_behavior" text, ADD COLUMN "pause_resumes_at" timestamptz(3);
ALTER TABLE "invoices"
  ADD COLUMN "due_at" timestamptz(3),
  ADD COLUMN "dispute_status" text,
  ADD COLUMN "amount_disputed" bigint NOT NULL DEFAULT 0;
