import type Stripe from 'stripe'
import type { Context } from '../context.ts'
import type { EventJob } from '../inbox/index.ts'
import { markHandled, unresolvedObject, waitingPriceEvents, writeCustomer } from '../inbox/index.ts'
import { rejectReported } from '../overage/index.ts'
import { currentPrices, idOf, isMissing } from '../stripe/index.ts'
import { syncWaiting } from './sync-customer.ts'
import { findCustomerOf } from './sync-store.ts'

/**
 * Handles a waiting event: syncs its customer, after finding out which that is, or reads the prices. A repeat finds
 * nothing to do. Throws STRIPE_UNAVAILABLE, STRIPE_REJECTED, UNAVAILABLE.
 */
export async function handleEvent(ctx: Context, { customerId, eventId }: EventJob): Promise<void> {
  if (customerId !== null) return syncWaiting(ctx, { customerId })
  const objectId = await unresolvedObject(ctx.db.pool, eventId)
  if (objectId === null) return refreshPrices(ctx)
  if (objectId.startsWith('mtr_')) return noteErrorReport(ctx, eventId)
  const found =
    (await findCustomerOf(ctx.db.pool, objectId)) ?? (await fetchCustomerOf(ctx, objectId))
  if (found === null) {
    const now = ctx.clock.now()
    return markHandled(ctx.db.pool, { ids: [eventId], ignored: 'no_customer', now })
  }
  await writeCustomer(ctx.db.pool, { id: eventId, customerId: found })
  await syncWaiting(ctx, { customerId: found })
}

/** Reads and stores the prices that plans have now, so that customers of an earlier price keep the plan. */
async function refreshPrices(ctx: Context): Promise<void> {
  const ids = await waitingPriceEvents(ctx.db.pool)
  if (ids.length === 0) return
  await currentPrices(ctx)
  await markHandled(ctx.db.pool, { ids, ignored: null, now: ctx.clock.now() })
}

/** Deliveries of overage that Stripe took and could not count are told to the operator. */
async function noteErrorReport(ctx: Context, eventId: string): Promise<void> {
  await rejectReported(ctx, { eventId })
  await markHandled(ctx.db.pool, { ids: [eventId], ignored: null, now: ctx.clock.now() })
}

type WithCustomer = { customer?: string | Stripe.Customer | Stripe.DeletedCustomer | null }

/** How to fetch an object that has a customer, by the prefix of its id. */
const fetchers: Record<string, (stripe: Stripe, id: string) => Promise<WithCustomer>> = {
  sub: (stripe, id) => stripe.subscriptions.retrieve(id),
  in: (stripe, id) => stripe.invoices.retrieve(id),
  ch: (stripe, id) => stripe.charges.retrieve(id),
  cs: (stripe, id) => stripe.checkout.sessions.retrieve(id),
}

/** Null for an object that has no customer, or does not exist any more. */
async function fetchCustomerOf(ctx: Context, objectId: string): Promise<string | null> {
  const retrieve = fetchers[objectId.split('_')[0] ?? '']
  if (!retrieve) return null
  try {
    const { customer } = await ctx.stripe.call((stripe) => retrieve(stripe, objectId))
    return idOf(customer)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
