-- Which sessions are open is asked of Stripe; what is kept here is the number of the last one.
ALTER TABLE "checkouts" DROP COLUMN "plan", DROP COLUMN "session_id", DROP COLUMN "url", DROP COLUMN "expires_at";
