-- What others are to be told: written in the transaction of what it is about. And the thresholds of limits that use has
-- reached. New tables only: a process of the version before writes none of them, and goes on.

CREATE TABLE "outgoing_events" (
    "id" UUID NOT NULL,
    "user_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "once" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outgoing_events_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "outgoing_sequences" (
    "user_id" TEXT NOT NULL,
    "last" BIGINT NOT NULL,

    CONSTRAINT "outgoing_sequences_pkey" PRIMARY KEY ("user_id")
);

CREATE TABLE "quota_alerts" (
    "user_id" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "threshold" DOUBLE PRECISION NOT NULL,
    "limit_amount" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quota_alerts_pkey" PRIMARY KEY ("user_id","meter","period","threshold","limit_amount")
);

CREATE UNIQUE INDEX "outgoing_events_user_id_sequence_key" ON "outgoing_events"("user_id", "sequence");

CREATE UNIQUE INDEX "outgoing_events_user_id_once_key" ON "outgoing_events"("user_id", "once");

ALTER TABLE "outgoing_events" ADD CONSTRAINT "outgoing_events_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "outgoing_sequences" ADD CONSTRAINT "outgoing_sequences_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "quota_alerts" ADD CONSTRAINT "quota_alerts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
