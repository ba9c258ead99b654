-- An event is kept as the bytes that came, not as what PostgreSQL reads in them.
ALTER TABLE "stripe_events" ALTER COLUMN "payload" SET DATA TYPE TEXT USING "payload"::TEXT;

-- From here on: what the Prisma schema cannot express.

-- Beside the row and not compressed: that is most of what storing an event costs, and its few columns are written again
-- when it is served, its body never.
ALTER TABLE "stripe_events" ALTER COLUMN "payload" SET STORAGE EXTERNAL;
