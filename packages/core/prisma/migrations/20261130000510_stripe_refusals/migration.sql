-- The kinds of calls that Stripe refuses the key, for the operator. A row goes when such a call succeeds again.
CREATE TABLE "stripe_refusals" (
  "operation" text NOT NULL,
  "message" text NOT NULL,
  "refused_at" timestamptz(3) NOT NULL,
  CONSTRAINT "stripe_refusals_pkey" PRIMARY KEY ("operation")
);
