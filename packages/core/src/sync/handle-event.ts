import type Stripe from 'stripe'
import type { Context } from '../context.ts'
import {
  findCustomerOf,
  markHandled,
  resolveEvent,
  unresolvedObject,
  waitingPriceEvents,
} from '../inbox/event-store.ts'
import { currentPrices } from '../stripe/prices/index.ts'
import { isMissing } from '../stripe/stripe-error.ts'
import { syncWaiting } from './index.ts'

/** What a job is about. */
export interface Errand {
  customerId: string | null
  eventId: string
}

/**
 * Does what a waiting event asks for: a sync of its customer, finding that customer first, or a look at the
 * prices. A repeat finds nothing to do. Throws STRIPE_UNAVAILABLE, STRIPE_REJECTED, UNAVAILABLE.
 */
export async function serveEvent(ctx: Context, { customerId, eventId }: Errand): Promise<void> {
  if (customerId !== null) return syncWaiting(ctx, { customerId })
  const objectId = await unresolvedObject(ctx, eventId)
  if (objectId === null) return refreshPrices(ctx)
  const found =
    (await findCustomerOf(ctx.db.pool, objectId)) ?? (await askCustomerOf(ctx, objectId))
  if (found === null) {
    const now = ctx.clock.now()
    return markHandled(ctx.db.pool, { ids: [eventId], ignored: 'no_customer', now })
  }
  await resolveEvent(ctx, { id: eventId, customerId: found })
  await syncWaiting(ctx, { customerId: found })
}

/** Reads and remembers the prices that plans have now, so that whoever pays an earlier one keeps the plan. */
async function refreshPrices(ctx: Context): Promise<void> {
  const ids = await waitingPriceEvents(ctx)
  if (ids.length === 0) return
  await currentPrices(ctx)
  await markHandled(ctx.db.pool, { ids, ignored: null, now: ctx.clock.now() })
}

type Holder = { customer?: string | Stripe.Customer | Stripe.DeletedCustomer | null }

/** How to ask for an object that has a customer, by the prefix of its id. */
const holders: Record<string, (stripe: Stripe, id: string) => Promise<Holder>> = {
  sub: (stripe, id) => stripe.subscriptions.retrieve(id),
  in: (stripe, id) => stripe.invoices.retrieve(id),
  ch: (stripe, id) => stripe.charges.retrieve(id),
  cs: (stripe, id) => stripe.checkout.sessions.retrieve(id),
}

/** Null for what has no customer, or does not exist any more. */
async function askCustomerOf(ctx: Context, objectId: string): Promise<string | null> {
  const retrieve = holders[objectId.split('_')[0] ?? '']
  if (!retrieve) return null
  try {
    const { customer } = await ctx.stripe.call((stripe) => retrieve(stripe, objectId))
    return typeof customer === 'string' ? customer : (customer?.id ?? null)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
