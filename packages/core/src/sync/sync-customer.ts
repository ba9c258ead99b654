import type { Context } from '../context.ts'
import type { Lease } from '../database/index.ts'
import { assertLease, inTransaction, withLease } from '../database/index.ts'
import { markHandled, waitingEvents } from '../inbox/index.ts'
import { reportChanges } from '../outgoing/index.ts'
import type { PackChange } from '../packs/index.ts'
import { actionOf, writePackGrants } from '../packs/index.ts'
import { assertSameAccount, readKnownPrices } from '../stripe/index.ts'
import { adoptCustomer } from './customer-binding.ts'
import type { CustomerRows } from './decide.ts'
import { decide } from './decide.ts'
import { fetchStripeState } from './fetch-customer.ts'
import type { Owner } from './sync-store.ts'
import { endSubscriptions, findOwner, writeRows } from './sync-store.ts'

/**
 * Makes our rows about a customer equal to the Stripe state, at least as new as the call. Safe at any time and any
 * number of times: one process syncs a customer at a time, and a process that was overtaken writes nothing. A customer
 * that is not ours changes nothing. Throws STRIPE_UNAVAILABLE, STRIPE_REJECTED, UNAVAILABLE.
 */
export async function syncCustomer(
  ctx: Context,
  { customerId }: { customerId: string },
): Promise<void> {
  await withLease(ctx, leaseName(customerId), async (lease) => {
    const waiting = await waitingEvents(ctx.db.pool, customerId)
    await sync(ctx, lease, { customerId, waiting })
  })
}

/**
 * `syncCustomer`, unless no event of the customer waits any more: then a sync that began after they had all come has
 * handled them. So a burst of events makes two syncs at most.
 */
export async function syncWaiting(
  ctx: Context,
  { customerId }: { customerId: string },
): Promise<void> {
  await withLease(ctx, leaseName(customerId), async (lease) => {
    const waiting = await waitingEvents(ctx.db.pool, customerId)
    if (waiting.length > 0) await sync(ctx, lease, { customerId, waiting })
  })
}

/** What one process at a time holds to write rows about a customer. */
export function leaseName(customerId: string): string {
  return `sync:${customerId}`
}

/** Fetch → decide → write. Handles the events that waited before the fetch began, and no later one. */
async function sync(
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
  const state = await fetchStripeState(ctx, customerId)
  const rows = decide(state, await readKnownPrices(ctx))
  const { userId } = owner
  const { changes } = await inTransaction(ctx.db.pool, async (tx) => {
    await assertLease(tx, lease)
    return reportChanges(ctx, { tx, userId, now }, async () => {
      await writeRows(tx, { ...owner, customerId, now }, rows)
      const granted = await writePackGrants(ctx, tx, { userId, payments: rows.packs, now })
      if (state.isDeleted) await endSubscriptions(tx, { customerId, now })
      await markHandled(tx, { ids: waiting, ignored: null, now })
      return granted
    })
  })
  warnOperator(ctx, { userId, customerId }, rows)
  for (const change of changes) tellOperator(ctx, userId, change)
}

async function adopt(ctx: Context, customerId: string): Promise<Owner | null> {
  const userId = await adoptCustomer(ctx, { customerId })
  return userId === null ? null : { userId, isFormer: false }
}

function warnOperator(
  { log }: Context,
  { userId, customerId }: { userId: string; customerId: string },
  { subscriptions, running }: CustomerRows,
): void {
  for (const { id, plan, price_id, is_current } of subscriptions) {
    if (is_current && plan === null) {
      log.warn({ userId, subscription: id, price: price_id }, 'a price maps to no plan')
    }
  }
  if (running > 1) {
    log.warn({ userId, customerId, running }, 'a customer has several running subscriptions')
  }
}

/** A grant is what should happen; the rest is for the operator to know. */
function tellOperator({ log }: Context, userId: string, change: PackChange): void {
  const { sessionId, order, amountRefunded, disputes } = change.payment
  const fields = { userId, session: sessionId, pack: order.pack, action: actionOf(change) }
  if (change.kind === 'grant') log.info(fields, 'a pack was granted')
  else log.warn({ ...fields, amountRefunded, disputes }, 'the payment of a pack has changed')
}
