-- What a use is taken from: the allowance of its window, grants of credits, overage, and what fits nowhere.
-- Every new column has a default that says "all from the allowance", so that a process of the version before goes on.

ALTER TABLE "usage" ADD COLUMN "parts" JSONB,
ADD COLUMN "balance_beyond" JSONB;

ALTER TABLE "usage_archive" ADD COLUMN "parts" JSONB;

ALTER TABLE "usage_checksums" ADD COLUMN "credited" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN "sold" BIGINT NOT NULL DEFAULT 0;

ALTER TABLE "usage_closings" ADD COLUMN "balance_beyond" JSONB;

ALTER TABLE "usage_counters" ADD COLUMN "credited" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN "sold" BIGINT NOT NULL DEFAULT 0;

CREATE TABLE "grants" (
    "id" UUID NOT NULL,
    "user_id" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "remaining" BIGINT NOT NULL,
    "held" BIGINT NOT NULL DEFAULT 0,
    "source" TEXT NOT NULL,
    "pack" TEXT,
    "quantity" INTEGER,
    "checkout_session_id" TEXT,
    "payment_intent_id" TEXT,
    "effective_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "actor_kind" TEXT,
    "actor_id" TEXT,
    "idempotency_key" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "frozen_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_reason" TEXT,

    CONSTRAINT "grants_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "overage_terms" (
    "user_id" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "item_id" TEXT NOT NULL,
    "price_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "unit_price" DECIMAL(30,12) NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "period_end" TIMESTAMPTZ(3) NOT NULL,
    "anchor" TIMESTAMPTZ(3) NOT NULL,
    "item_since" TIMESTAMPTZ(3) NOT NULL,
    "selling" BOOLEAN NOT NULL,
    "sells_until" TIMESTAMPTZ(3),
    "default_cap" BIGINT,
    "held" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "overage_terms_pkey" PRIMARY KEY ("user_id","meter")
);

CREATE TABLE "overage_caps" (
    "user_id" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "amount_minor" BIGINT,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,

    CONSTRAINT "overage_caps_pkey" PRIMARY KEY ("user_id","meter")
);

CREATE TABLE "overage_sales" (
    "user_id" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "units" BIGINT NOT NULL,
    "total" BIGINT NOT NULL,
    "assigned" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "overage_sales_pkey" PRIMARY KEY ("user_id","meter","subscription_id","period_start","hour")
);

CREATE UNIQUE INDEX "grants_checkout_session_id_key" ON "grants"("checkout_session_id");

CREATE INDEX "grants_payment_intent_id_idx" ON "grants"("payment_intent_id");

CREATE UNIQUE INDEX "grants_user_id_idempotency_key_key" ON "grants"("user_id", "idempotency_key");

ALTER TABLE "grants" ADD CONSTRAINT "grants_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "overage_terms" ADD CONSTRAINT "overage_terms_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "overage_caps" ADD CONSTRAINT "overage_caps_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From here on: what the Prisma schema cannot express.

-- No grant goes below zero or above its amount. What is neither remaining nor held was used.
ALTER TABLE "grants" ADD CONSTRAINT "grants_amount_check" CHECK ("amount" > 0 AND "remaining" >= 0 AND "held" >= 0 AND "remaining" + "held" <= "amount");
ALTER TABLE "grants" ADD CONSTRAINT "grants_source_check" CHECK ("source" IN ('pack', 'admin'));
ALTER TABLE "usage_counters" ADD CONSTRAINT "usage_counters_parts_check" CHECK ("credited" >= 0 AND "sold" >= 0);
ALTER TABLE "overage_terms" ADD CONSTRAINT "overage_terms_held_check" CHECK ("held" >= 0);
ALTER TABLE "overage_caps" ADD CONSTRAINT "overage_caps_amount_check" CHECK ("amount_minor" >= 0);

-- Rows that change often have an index on what seldom changes, so that most changes touch no index.
ALTER TABLE "grants" ADD COLUMN "is_open" BOOLEAN NOT NULL GENERATED ALWAYS AS ("remaining" > 0 OR "held" > 0) STORED;
ALTER TABLE "overage_sales" ADD COLUMN "is_due" BOOLEAN NOT NULL GENERATED ALWAYS AS ("units" <> "assigned") STORED;
ALTER TABLE "grants" SET (fillfactor = 60);
ALTER TABLE "overage_terms" SET (fillfactor = 60);
ALTER TABLE "overage_sales" SET (fillfactor = 60);

-- Grants that a decision may still meet. A user without any has none here, which is all that their decisions ask.
CREATE INDEX "grants_open_idx" ON "grants"("user_id", "meter", "id") WHERE "is_open";

-- Sales that are not in a delivery yet, or were corrected since.
CREATE INDEX "overage_sales_due_idx" ON "overage_sales"("user_id", "meter", "hour") WHERE "is_due";

-- Archived rows that took something from grants or overage: what `usage verify` sums for each grant.
CREATE INDEX "usage_archive_parts_idx" ON "usage_archive"("user_id", "meter") WHERE "parts" IS NOT NULL;
