import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { inTransaction } from '../database/index.ts'
import { TollgateError } from '../errors.ts'
import { deliverOverage } from './delivery/deliver.ts'
import { readLastDelivered } from './delivery/delivery-store.ts'
import { compareHours } from './delivery/summaries.ts'
import { endStop, hasOverage, readTerms, stopSelling } from './terms-store.ts'

/** Longer than a change takes. Where its process died, the selling may go on after that. */
const STOP_MS = 3 * 60_000
/** How often Stripe's summaries are read until they agree; Stripe takes some seconds to process what it took. */
const TRIES = 12
const PAUSE_MS = 500

/**
 * Runs a change of a user's subscription once everything that it sold beyond its plan is at Stripe, at the price at which
 * it was sold: the selling stops, what was sold is delivered, and Stripe's summaries agree. Where they do not in some
 * seconds, nothing is changed: STRIPE_UNAVAILABLE. After `work` the next sync decides whether overage is sold again. A user
 * without overage waits for nothing.
 */
export async function withOverageSettled<T>(
  ctx: Context,
  { userId, customerId }: { userId: string; customerId: string },
  work: () => Promise<T>,
): Promise<T> {
  if (!(await hasOverage(ctx.db.pool, userId))) return work()
  const until = new Date(ctx.clock.now().getTime() + STOP_MS)
  const selling = (await readTerms(ctx.db.pool, userId)).filter((terms) => terms.selling)
  await inTransaction(ctx.db.pool, (tx) => stopSelling(tx, { userId, until }))
  try {
    await settle(ctx, { userId, customerId })
  } catch (error) {
    // Nothing was changed, so what was sold before is sold again.
    await endStop(ctx.db.pool, { userId, resume: selling.map(({ meter }) => meter) })
    throw error
  }
  try {
    return await work()
  } finally {
    await endStop(ctx.db.pool, { userId, resume: [] })
  }
}

async function settle(
  ctx: Context,
  { userId, customerId }: { userId: string; customerId: string },
): Promise<void> {
  const { open } = await deliverOverage(ctx, { userId })
  if (open > 0 || (await isOfThisSecond(ctx, userId))) throw notSettled()
  for (const { meter, period_start: from } of await readTerms(ctx.db.pool, userId)) {
    for (let tries = 1; ; tries += 1) {
      const to = ctx.clock.now()
      if ((await compareHours(ctx, { userId, meter, customerId, from, to })).length === 0) break
      if (tries === TRIES) throw notSettled()
      await sleep(PAUSE_MS)
    }
  }
}

/** What was used in the second in which an item ends is not billed by it. */
async function isOfThisSecond(ctx: Context, userId: string): Promise<boolean> {
  const last = await readLastDelivered(ctx.db.pool, userId)
  return last !== null && ctx.clock.now().getTime() - last.getTime() < 1_000
}

function notSettled(): TollgateError {
  const message = 'What was used beyond the plan is still on its way to Stripe. Try again shortly.'
  return new TollgateError('STRIPE_UNAVAILABLE', message, { retryAfterSeconds: 30 })
}
