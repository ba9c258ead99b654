-- Stripe keeps a failure under the idempotency key for a day. How many keys of one write hold a failure: the next key is
-- made from the number.
CREATE TABLE "stripe_write_failures" (
  "write" text NOT NULL,
  "failures" integer NOT NULL,
  "failed_at" timestamptz(3) NOT NULL,
  CONSTRAINT "stripe_write_failures_pkey" PRIMARY KEY ("write")
);
