import type Stripe from 'stripe'
import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import { ignoredBecause, knownEvents, parseEvent } from '../inbox/index.ts'
import {
  idOf,
  isMissing,
  planOfPrice,
  readKnownPrices,
  stripeTrouble,
  writeStop,
} from '../stripe/index.ts'
import { hasEnded } from '../subscriptions/index.ts'
import {
  adoptCustomer,
  decide,
  fetchStripeState,
  handleEvent,
  namedUser,
  syncCustomer,
} from '../sync/index.ts'
import { compare } from './compare.ts'
import type { Drift } from './drift.ts'
import type { BoundCustomer, Position } from './reconcile-store.ts'
import { boundAmong, readCustomers, readStored, unboundAmong } from './reconcile-store.ts'

/** One step of a reconcile run. */
export interface Step {
  /** Where to continue; null: the stage is complete. */
  cursor: string | null
  drift: Drift[]
  /** How many customers were compared, and how many of them Stripe does not know. */
  customers: number
  unknown: number
}

const PAGE = 100

/** Compares the next thing of a stage, and repairs what differs unless `dryRun`. */
export function takeStep(ctx: Context, position: Position, dryRun: boolean): Promise<Step> {
  const { stage, cursor } = position
  switch (stage) {
    case 'customers':
      return nextCustomer(ctx, cursor, dryRun)
    case 'subscriptions':
      return nextSubscriptions(ctx, cursor, dryRun)
    case 'events':
      return nextEvents(ctx, cursor, dryRun)
  }
}

/** Compares the next customer that is bound to a user. */
async function nextCustomer(ctx: Context, after: string | null, dryRun: boolean): Promise<Step> {
  const [customer] = await readCustomers(ctx.db.pool, { after, limit: 1 })
  if (!customer) return { cursor: null, drift: [], customers: 0, unknown: 0 }
  const drift = await compareCustomer(ctx, customer, dryRun)
  const unknown = drift.some(({ kind }) => kind === 'customer_unknown') ? 1 : 0
  return { cursor: customer.customerId, drift, customers: 1, unknown }
}

/**
 * A customer that can't be compared does not stop the run; Stripe out of reach does. A difference is confirmed by a
 * second comparison, since a sync may have written between the reading of both sides.
 */
async function compareCustomer(
  ctx: Context,
  customer: BoundCustomer,
  dryRun: boolean,
): Promise<Drift[]> {
  try {
    if ((await differences(ctx, customer)).length === 0) return []
    const drift = await differences(ctx, customer)
    if (drift.length === 0 || dryRun) return drift
    await syncCustomer(ctx, customer)
    return drift.map((each) => ({ ...each, repaired: true }))
  } catch (error) {
    const { customerId } = customer
    if (isMissing(error)) return [unrepaired('customer_unknown', customer, 'No such customer')]
    if (!(error instanceof TollgateError) || error.code === 'STRIPE_UNAVAILABLE') throw error
    ctx.log.error({ err: error, customerId }, 'a customer could not be compared with Stripe')
    return [unrepaired('customer_failed', customer, error.message)]
  }
}

function unrepaired(kind: Drift['kind'], customer: BoundCustomer, detail: string): Drift {
  return { kind, objectId: customer.customerId, ...customer, detail, repaired: false }
}

async function differences(ctx: Context, customer: BoundCustomer): Promise<Drift[]> {
  const state = await fetchStripeState(ctx, customer.customerId)
  // Stripe knows this customer, so not all are unknown.
  if ((await stripeTrouble(ctx))?.code === 'customers_unknown') await writeStop(ctx, null)
  const stored = await readStored(ctx.db.pool, customer)
  const rows = decide(state, await readKnownPrices(ctx))
  const dead = stored.deadEvents.map(
    (id) => ({ kind: 'event_dead', objectId: id, detail: '' }) as const,
  )
  return [...compare(stored, rows, customer.userId), ...dead].map((each) => ({
    ...each,
    objectId:
      each.kind.startsWith('quota') || each.kind === 'trial_differs'
        ? `${customer.userId}:${each.objectId}`
        : each.objectId,
    ...customer,
    repaired: false,
  }))
}

/** Goes through all subscriptions at Stripe, for those whose customer is bound to no user. */
async function nextSubscriptions(
  ctx: Context,
  after: string | null,
  dryRun: boolean,
): Promise<Step> {
  const page = await ctx.stripe.call((stripe) =>
    stripe.subscriptions.list({
      status: 'all',
      limit: PAGE,
      expand: ['data.customer'],
      ...(after !== null && { starting_after: after }),
    }),
  )
  const unbound = await bindNamed(ctx, page.data, dryRun)
  const unclaimed = await findUnclaimed(ctx, page.data)
  const reported = new Set(unbound.map(({ customerId }) => customerId))
  const drift = [...unbound, ...unclaimed.filter(({ customerId }) => !reported.has(customerId))]
  const last = page.has_more ? (page.data.at(-1)?.id ?? null) : null
  return { cursor: last, drift, customers: 0, unknown: 0 }
}

/** Customers whose metadata names a user of ours who is bound to no customer. */
async function bindNamed(
  ctx: Context,
  subscriptions: readonly Stripe.Subscription[],
  dryRun: boolean,
): Promise<Drift[]> {
  const named = new Map<string, string>()
  for (const { customer } of subscriptions) {
    const userId = typeof customer === 'string' ? undefined : namedUser(customer)
    if (userId !== undefined) named.set(idOf(customer) ?? '', userId)
  }
  const bound = await boundAmong(ctx.db.pool, [...named.keys()])
  const unbound = await unboundAmong(ctx.db.pool, [...named.values()])
  const drift: Drift[] = []
  for (const [customerId, userId] of named) {
    if (bound.has(customerId) || !unbound.has(userId)) continue
    const repaired = !dryRun && (await adoptCustomer(ctx, { customerId })) === userId
    if (repaired) await syncCustomer(ctx, { customerId })
    const detail = 'its metadata names the user'
    drift.push({
      kind: 'customer_unbound',
      objectId: customerId,
      customerId,
      userId,
      detail,
      repaired,
    })
  }
  return drift
}

/** Subscriptions to our plans whose customer is bound to no user. What else the account sells is not ours to report. */
async function findUnclaimed(
  ctx: Context,
  subscriptions: readonly Stripe.Subscription[],
): Promise<Drift[]> {
  const known = await readKnownPrices(ctx)
  const ours = subscriptions.filter(
    ({ status, items }) =>
      !hasEnded(status) && items.data.some(({ price }) => planOfPrice(price, known) !== null),
  )
  const customerIds = ours.map(({ customer }) => idOf(customer) ?? '')
  const bound = await boundAmong(ctx.db.pool, customerIds)
  return ours.flatMap(({ id: objectId, status }, i) => {
    const customerId = customerIds[i] ?? ''
    if (bound.has(customerId)) return []
    const detail = `${status}; set the customer's metadata.userId to a user who has no other customer`
    const kind = 'subscription_unclaimed'
    return { kind, objectId, customerId, userId: null, detail, repaired: false }
  })
}

/** Stores and handles the events that Stripe could not deliver in the last 30 days, as if they had come. */
async function nextEvents(ctx: Context, after: string | null, dryRun: boolean): Promise<Step> {
  const page = await ctx.stripe.call((stripe) =>
    stripe.events.list({
      delivery_success: false,
      limit: PAGE,
      ...(after !== null && { starting_after: after }),
    }),
  )
  const known = await knownEvents(
    ctx.db.pool,
    page.data.map(({ id }) => id),
  )
  const missing = page.data.flatMap((sent) => {
    const body = JSON.stringify(sent)
    const event = parseEvent(body)
    return event === null || known.has(sent.id) || ignoredBecause(event, ctx.stripe.livemode)
      ? []
      : [{ event, payload: Buffer.from(body) }]
  })
  if (!dryRun) {
    // Stores all of them first: then one sync handles all events of a customer.
    for (const { event, payload } of missing) {
      await ctx.inbox.store({ event, payload, ignored: null })
    }
    for (const { event } of missing) {
      await handleEvent(ctx, { customerId: event.customerId, eventId: event.id })
    }
  }
  const drift = missing.map(
    ({ event }): Drift => ({
      kind: 'event_undelivered',
      objectId: event.id,
      customerId: event.customerId,
      userId: null,
      detail: event.type,
      repaired: !dryRun,
    }),
  )
  const last = page.has_more ? (page.data.at(-1)?.id ?? null) : null
  return { cursor: last, drift, customers: 0, unknown: 0 }
}
