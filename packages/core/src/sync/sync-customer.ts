import type { Context } from '../context.ts'
import type { Lease } from '../database/index.ts'
import { assertLease, inTransaction, withLease } from '../database/index.ts'
import { markHandled, waitingEvents } from '../inbox/event-store.ts'
import { adoptCustomer, assertSameAccount } from '../stripe/account/index.ts'
import { knownPrices, readPricePlans } from '../stripe/prices/index.ts'
import type { CustomerRows } from './decide.ts'
import { decide } from './decide.ts'
import { fetchTruth } from './fetch-customer.ts'
import type { Owner } from './sync-store.ts'
import { endSubscriptions, findOwner, writeRows } from './sync-store.ts'

/**
 * Makes our rows about a customer equal to Stripe's truth, at least as new as the call. Safe at any time and any
 * number of times: one process works on a customer at once, and what was overtaken is not written. A customer
 * that is not ours changes nothing. Throws STRIPE_UNAVAILABLE, STRIPE_REJECTED, UNAVAILABLE.
 */
export async function syncCustomer(
  ctx: Context,
  { customerId }: { customerId: string },
): Promise<void> {
  await withLease(ctx, leaseName(customerId), async (lease) => {
    await converge(ctx, lease, { customerId, waiting: await waitingEvents(ctx, customerId) })
  })
}

/**
 * `syncCustomer`, unless no event of the customer waits any more: then a fetch that began after they all had
 * come has served them. So a burst of events makes two syncs at most.
 */
export async function syncWaiting(
  ctx: Context,
  { customerId }: { customerId: string },
): Promise<void> {
  await withLease(ctx, leaseName(customerId), async (lease) => {
    const waiting = await waitingEvents(ctx, customerId)
    if (waiting.length > 0) await converge(ctx, lease, { customerId, waiting })
  })
}

function leaseName(customerId: string): string {
  return `sync:${customerId}`
}

/** Fetch → decide → write. Serves the events that were there before the fetch began, and no later one. */
async function converge(
  ctx: Context,
  lease: Lease,
  { customerId, waiting }: { customerId: string; waiting: readonly string[] },
): Promise<void> {
  const now = ctx.clock.now()
  await assertSameAccount(ctx)
  const owner = (await findOwner(ctx.db.pool, customerId)) ?? (await adopt(ctx, customerId))
  if (owner === null) {
    await markHandled(ctx.db.pool, { ids: waiting, ignored: 'unknown_customer', now })
    return
  }
  const truth = await fetchTruth(ctx, customerId)
  const remembered = await readPricePlans(ctx.db.pool)
  const rows = decide(truth, knownPrices(ctx, remembered))
  await inTransaction(ctx.db.pool, async (tx) => {
    await assertLease(tx, lease)
    await writeRows(tx, { ...owner, customerId, now }, rows)
    if (truth.isGone) await endSubscriptions(tx, { customerId, now })
    await markHandled(tx, { ids: waiting, ignored: null, now })
  })
  tellOperator(ctx, { userId: owner.userId, customerId }, rows)
}

async function adopt(ctx: Context, customerId: string): Promise<Owner | null> {
  const userId = await adoptCustomer(ctx, { customerId })
  return userId === null ? null : { userId, isFormer: false }
}

function tellOperator(
  ctx: Context,
  { userId, customerId }: { userId: string; customerId: string },
  rows: CustomerRows,
): void {
  for (const { id, plan, price_id, is_current } of rows.subscriptions) {
    if (is_current && plan === null) {
      ctx.log.warn({ userId, subscription: id, price: price_id }, 'a price stands for no plan')
    }
  }
  if (rows.running > 1) {
    ctx.log.warn(
      { userId, customerId, running: rows.running },
      'a customer has several subscriptions',
    )
  }
}
