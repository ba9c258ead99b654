import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import { takeStripeCall } from './call-limit-store.ts'

/** A call makes some three requests. Stripe takes 100 a second for a whole account, 25 in test mode. */
const SECONDS_PER_CALL = 2
/** How many calls may come at once, before one has to wait for the next. */
const CALLS_AT_ONCE = 20

/**
 * Counts a call of this user that asks Stripe, over all processes: 20 at once, 30 a minute. Throws RATE_LIMITED beyond that.
 * A repeat counts again. A user that does not exist is not counted: nothing is asked about it.
 */
export async function limitStripeCalls(ctx: Context, { userId }: { userId: string }) {
  const taken = await takeStripeCall(ctx.db.pool, {
    userId,
    now: ctx.clock.now(),
    secondsPerCall: SECONDS_PER_CALL,
    callsAtOnce: CALLS_AT_ONCE,
  })
  if (taken) return
  const message = 'Too many calls that ask Stripe; come back in a moment.'
  throw new TollgateError('RATE_LIMITED', message, { retryAfterSeconds: SECONDS_PER_CALL })
}
