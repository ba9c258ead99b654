-- CreateTable
CREATE TABLE "stripe_call_limits" (
    "user_id" TEXT NOT NULL,
    "busy_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stripe_call_limits_pkey" PRIMARY KEY ("user_id")
);

-- AddForeignKey
ALTER TABLE "stripe_call_limits" ADD CONSTRAINT "stripe_call_limits_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
