import type Stripe from 'stripe'
import type { Context } from '../../../context.ts'
import type { Lease } from '../../../database/index.ts'
import {
  idempotencyKey,
  isFailedAnswer,
  isKeyUsed,
  isMissing,
  isRefused,
} from '../../../stripe/index.ts'
import { confirmLease } from '../../payer/attempt-store.ts'
import { readPayer } from '../../payer/payer-store.ts'
import { withPayerLease } from '../../payer/with-payer-lease.ts'
import { QUICK } from '../live-subscription.ts'
import type { LastWrite, WriteStep } from './write-store.ts'
import { beginWrite, endWrite, readLastWrite } from './write-store.ts'

/** What a payer asked for, while it runs under the payer's lease. */
export interface RunningChange {
  userId: string
  lease: Lease
}

/**
 * Runs a change of a payer's subscription, one at a time for a user, so that the last click decides. A process that was
 * frozen for longer than its lease may have sent a write that has not arrived yet: before anything else that write is
 * either found done, or can't be done any more. The frozen process then fails. Throws UNAVAILABLE when another change
 * does not end, or took over meanwhile; STRIPE_UNAVAILABLE when Stripe does not say what became of the earlier write.
 */
export async function runChange<T>(
  ctx: Context,
  userId: string,
  work: (change: RunningChange) => Promise<T>,
): Promise<T> {
  return withPayerLease(ctx, userId, async (lease) => {
    await settleLastWrite(ctx, userId)
    try {
      return await work({ userId, lease })
    } finally {
      // That another change took over explains a failure, and makes a result out of date.
      await confirmLease(ctx.db.pool, lease)
    }
  })
}

type Once = typeof QUICK & { idempotencyKey: string }

/**
 * Writes to Stripe, once and only while the lease is held. Every write of a change goes through here. Throws UNAVAILABLE
 * when the lease is lost, STRIPE_REJECTED, STRIPE_UNAVAILABLE (then the next change finds out what became of it).
 */
export async function writeToStripe<T>(
  ctx: Context,
  { userId, lease }: RunningChange,
  {
    step,
    subscriptionId,
    call,
  }: {
    step: WriteStep
    subscriptionId: string
    call: (stripe: Stripe, once: Once) => Promise<T>
  },
): Promise<T> {
  const { pool } = ctx.db
  const number = await beginWrite(pool, lease, { userId, subscriptionId, step })
  const once = { ...QUICK, idempotencyKey: keyOf({ subscriptionId, number }) }
  try {
    const result = await ctx.stripe.call((stripe) => call(stripe, once))
    await endWrite(pool, { userId, number, happened: true })
    return result
  } catch (error) {
    if (isRefused(error)) await endWrite(pool, { userId, number, happened: false })
    throw error
  }
}

function keyOf({ subscriptionId, number }: Pick<LastWrite, 'subscriptionId' | 'number'>): string {
  return idempotencyKey('write', subscriptionId, number)
}

/**
 * Finds out what became of a write without an answer, by using its idempotency key for a request that changes nothing.
 * If Stripe takes that, the write has not arrived, and is refused when it does: Stripe refuses a key that comes again
 * with other parameters, for a day (docs/stripe.md, fact 18). If Stripe refuses the key, the write has
 * come to its end there, done or failed.
 */
async function settleLastWrite(ctx: Context, userId: string): Promise<void> {
  const { pool } = ctx.db
  const last = await readLastWrite(pool, userId)
  const { customerId } = await readPayer(pool, userId)
  if (!last?.isOpen || customerId === null) return
  const wasUsed = await takeKey(ctx, customerId, keyOf(last))
  // Used for a write that Stripe did, or whose failure it keeps.
  await endWrite(pool, { userId, number: last.number, happened: wasUsed ? null : false })
}

/** Requests that change nothing. Stripe keeps a failure under a key too, so there is a second one for that case. */
const NOTHING: readonly { expand?: string[] }[] = [{}, { expand: ['tax'] }]

/** Uses up an idempotency key. Returns whether it was used before. */
async function takeKey(ctx: Context, customerId: string, key: string): Promise<boolean> {
  const once = { ...QUICK, idempotencyKey: key }
  let failure: unknown
  for (const nothing of NOTHING) {
    try {
      await ctx.stripe.call((stripe) => stripe.customers.update(customerId, nothing, once))
      return false
    } catch (error) {
      if (isKeyUsed(error) || isMissing(error)) return true
      if (!isFailedAnswer(error)) throw error
      failure = error
    }
  }
  throw failure
}
