-- The last write to Stripe that a change of a user's subscription began, and whether Stripe has answered it.
CREATE TABLE "change_writes" (
    "user_id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "step" TEXT NOT NULL,
    "is_open" BOOLEAN NOT NULL,
    "schedule_of" TEXT,

    CONSTRAINT "change_writes_pkey" PRIMARY KEY ("user_id")
);

ALTER TABLE "change_writes" ADD CONSTRAINT "change_writes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
