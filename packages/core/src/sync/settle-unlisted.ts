import type { Context } from '../context.ts'
import { assertLease, inTransaction, withLease } from '../database/index.ts'
import { reportChanges } from '../outgoing/index.ts'
import { isMissing } from '../stripe/index.ts'
import { hasEnded } from '../subscriptions/index.ts'
import { instant } from './fetch-customer.ts'
import { leaseName } from './sync-customer.ts'
import type { Ending } from './sync-store.ts'
import { endUnlisted, findOwner } from './sync-store.ts'

/**
 * Ends our rows of subscriptions that Stripe does not list for this customer any more (the customer was deleted, or the
 * row is left over from another account): each is asked for by its id, and ends as Stripe says, or now where Stripe does
 * not know it. One that still runs at Stripe stays as it is. Returns the ids of those that have ended. Safe to repeat.
 * Throws STRIPE_UNAVAILABLE, STRIPE_REJECTED, UNAVAILABLE.
 */
export async function settleUnlisted(
  ctx: Context,
  { customerId, ids }: { customerId: string; ids: readonly string[] },
): Promise<Set<string>> {
  return withLease(ctx, leaseName(customerId), async (lease) => {
    const now = ctx.clock.now()
    const endings: Ending[] = []
    for (const id of ids) {
      const ending = await findEnding(ctx, id, now)
      if (ending !== null) endings.push(ending)
    }
    if (endings.length > 0) {
      await inTransaction(ctx.db.pool, async (tx) => {
        await assertLease(tx, lease)
        const owner = await findOwner(tx, customerId)
        const end = async () => {
          await endUnlisted(tx, endings, now)
          return { events: [] }
        }
        await (owner === null ? end() : reportChanges(ctx, { tx, userId: owner.userId, now }, end))
      })
    }
    return new Set(endings.map(({ id }) => id))
  })
}

/** Null for one that still runs. */
async function findEnding(ctx: Context, id: string, now: Date): Promise<Ending | null> {
  try {
    const found = await ctx.stripe.call((stripe) => stripe.subscriptions.retrieve(id))
    if (!hasEnded(found.status)) return null
    return { id, status: found.status, endedAt: instant(found.ended_at) ?? now }
  } catch (error) {
    if (isMissing(error)) return { id, status: 'canceled', endedAt: now }
    throw error
  }
}
