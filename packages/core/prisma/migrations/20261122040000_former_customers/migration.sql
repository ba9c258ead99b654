-- A customer that was deleted at Stripe is followed by another one; what it paid is still its user's.
CREATE TABLE "former_customers" (
  "customer_id" text NOT NULL,
  "user_id" text NOT NULL,
  "until" timestamptz(3) NOT NULL,
  CONSTRAINT "former_customers_pkey" PRIMARY KEY ("customer_id"),
  CONSTRAINT "former_customers_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE CASCADE ON DELETE RESTRICT
);

CREATE INDEX "former_customers_user_id_idx" ON "former_customers" ("user_id");

-- A digest of the e-mail address and name that Stripe was last told, so that it is told when they change, and
-- not again after the payer changed them there.
ALTER TABLE "users" ADD COLUMN "stripe_details" text;
