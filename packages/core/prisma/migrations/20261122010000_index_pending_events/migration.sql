-- What the Prisma schema cannot express: the inbox is long, what waits in it is short.
CREATE INDEX "stripe_events_pending_idx" ON "stripe_events"("received_at") WHERE "state" = 'pending';
