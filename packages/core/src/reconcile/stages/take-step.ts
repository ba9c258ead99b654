import type Stripe from 'stripe'
import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import { ignoredBecause, knownEvents, parseEvent } from '../../inbox/index.ts'
import { idOf, planOfPrice, readKnownPrices } from '../../stripe/index.ts'
import { hasEnded } from '../../subscriptions/index.ts'
import { adoptCustomer, handleEvent, namedUser, syncCustomer } from '../../sync/index.ts'
import type { Drift } from '../drift.ts'
import type { Position, Run } from '../reconcile-store.ts'
import { boundAmong, unboundAmong } from '../reconcile-store.ts'
import { nextCustomer, nextDeferred } from './customers.ts'
import type { Step } from './step.ts'

const PAGE = 100
/** How often the next page of a list is asked for. */
const LIST_TRIES = 8

/** Compares the next thing of a stage, and repairs what differs unless it is a dry run, which is a position alone. */
export function takeStep(ctx: Context, at: Position | Run): Promise<Step> {
  const { stage, cursor } = at
  const dryRun = !('id' in at)
  switch (stage) {
    case 'customers':
      return nextCustomer(ctx, cursor, dryRun)
    case 'deferred':
      return dryRun ? Promise.resolve(noStep) : nextDeferred(ctx, at)
    case 'subscriptions':
      return again(() => nextSubscriptions(ctx, cursor, dryRun))
    case 'events':
      return again(() => nextEvents(ctx, cursor, dryRun))
  }
}

const noStep: Step = { cursor: null, drift: [], customers: 0, unknown: 0 }

/** Takes a step anew while Stripe can't be asked; all that it did before is found done. */
async function again(step: () => Promise<Step>): Promise<Step> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await step()
    } catch (error) {
      const isAway = error instanceof TollgateError && error.code === 'STRIPE_UNAVAILABLE'
      if (!isAway || tries === LIST_TRIES) throw error
    }
  }
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
    for (const { event } of missing) await handle(ctx, event)
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

/** It is stored and waits, so the worker handles it where Stripe can't be asked now. */
async function handle(
  ctx: Context,
  { id, customerId }: { id: string; customerId: string | null },
): Promise<void> {
  try {
    await handleEvent(ctx, { customerId, eventId: id })
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    ctx.log.warn({ err: error, event: id }, 'an event that was not delivered waits for the worker')
  }
}
