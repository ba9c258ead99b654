CREATE TABLE "usage_archive" (
    "user_id" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "verb" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "reserved" BIGINT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "metadata" JSONB,
    "settled_metadata" JSONB,
    "over_limit" BOOLEAN NOT NULL,
    "voided_at" TIMESTAMPTZ(3),

    CONSTRAINT "usage_archive_pkey" PRIMARY KEY ("user_id","id")
);

CREATE TABLE "usage_checksums" (
    "user_id" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "used" BIGINT NOT NULL,
    "day_amounts" BIGINT[],
    "day_events" INTEGER[],

    CONSTRAINT "usage_checksums_pkey" PRIMARY KEY ("user_id","meter","period")
);
