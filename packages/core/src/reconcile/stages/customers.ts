import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import { overageDifferences } from '../../overage/index.ts'
import { readPaidGrantsOf } from '../../packs/index.ts'
import { isMissing, readKnownPrices, stripeTrouble, writeStop } from '../../stripe/index.ts'
import { decide, fetchStripeState, settleUnlisted, syncCustomer } from '../../sync/index.ts'
import { compare } from '../compare.ts'
import type { Drift } from '../drift.ts'
import { forOperator } from '../drift.ts'
import type { BoundCustomer, Run } from '../reconcile-store.ts'
import {
  readCustomers,
  readDeferred,
  readRunning,
  readStored,
  resetTries,
} from '../reconcile-store.ts'
import type { Step } from './step.ts'
import { allUnknown } from './step.ts'

/** How often a run asks about a customer. */
const MAX_TRIES = 8
/** How often a dry run does, which can't defer anything. */
const DRY_TRIES = 3

/** Compares the next customer that is bound to a user. One that Stripe can't be asked about now is deferred. */
export async function nextCustomer(
  ctx: Context,
  after: string | null,
  dryRun: boolean,
): Promise<Step> {
  const [customer] = await readCustomers(ctx.db.pool, { after, limit: 1 })
  if (!customer) return { cursor: null, drift: [], customers: 0, unknown: 0 }
  const found = dryRun ? await look(ctx, customer) : await compareCustomer(ctx, customer, false)
  const step: Step = { cursor: customer.customerId, drift: found.drift, customers: 1, unknown: 0 }
  const { failure } = found
  if (failure !== null && dryRun) {
    const drift = [unrepaired('customer_unreached', customer, failure.message)]
    return { ...step, failure, drift }
  }
  if (failure !== null) return { ...step, failure, deferral: { customer, reason: failure.message } }
  if (!found.isUnknown) return step
  // Whether only this one is unknown, is known once all were asked about.
  if (!dryRun) return { ...step, unknown: 1, deferral: { customer, reason: UNKNOWN } }
  const running = await readRunning(ctx.db.pool, customer)
  return { ...step, unknown: 1, drift: [...found.drift, ...running.map(lost(customer))] }
}

const UNKNOWN = 'No such customer'

/** Asks about the next deferred customer once more. What is left at the end was not reached, and is reported. */
export async function nextDeferred(ctx: Context, run: Run): Promise<Step> {
  const none = { customers: 0, unknown: 0 }
  const left = await readDeferred(ctx.db.pool, { runId: run.id, limit: 1 })
  const [next] = left
  if (!next) return { ...none, cursor: null, drift: [] }
  if (next.tries >= MAX_TRIES) {
    await confirmReachable(ctx, run)
    const unreached = await readDeferred(ctx.db.pool, { runId: run.id, limit: null })
    const drift = unreached.map((each) => unrepaired('customer_unreached', each, each.reason))
    return { ...none, cursor: null, drift }
  }
  const { userId, customerId, reason } = next
  const customer = { userId, customerId }
  const { drift, isUnknown, failure } = await compareCustomer(ctx, customer, false)
  if (failure !== null) {
    const deferral = { customer, reason: failure.message }
    return { ...none, cursor: customerId, drift: [], failure, deferral }
  }
  const done = { cursor: customerId, deferral: { customer, reason: null } }
  if (!isUnknown) return { ...none, ...done, drift }
  const unknown = reason === UNKNOWN ? 0 : 1
  if (allUnknown({ ...run, unknown: run.unknown + unknown })) {
    return { ...done, customers: 0, unknown, drift }
  }
  const settled = await settleUnknown(ctx, customer)
  if (settled instanceof TollgateError) {
    const deferral = { customer, reason: UNKNOWN }
    return { ...none, cursor: customerId, drift, failure: settled, deferral }
  }
  return { ...done, customers: 0, unknown, drift: [...drift, ...settled] }
}

/** In an outage the tries of nobody count: all are asked about again once Stripe answers. */
async function confirmReachable(ctx: Context, run: Run): Promise<void> {
  try {
    await ctx.stripe.call((stripe) => stripe.events.list({ limit: 1 }))
  } catch (error) {
    await resetTries(ctx.db.pool, run.id)
    throw error
  }
}

interface Compared {
  drift: Drift[]
  /** Stripe does not know the customer. */
  isUnknown: boolean
  /** Why Stripe could not be asked. */
  failure: TollgateError | null
}

async function look(ctx: Context, customer: BoundCustomer): Promise<Compared> {
  for (let tries = 1; ; tries += 1) {
    const found = await compareCustomer(ctx, customer, true)
    if (found.failure === null || tries === DRY_TRIES) return found
  }
}

/**
 * A customer that can't be compared does not stop the run. A difference is confirmed by a second comparison, since a
 * sync may have written between the reading of both sides.
 */
async function compareCustomer(
  ctx: Context,
  customer: BoundCustomer,
  dryRun: boolean,
): Promise<Compared> {
  const none = { drift: [], isUnknown: false, failure: null }
  try {
    if ((await differences(ctx, customer)).length === 0) return none
    const drift = await differences(ctx, customer)
    return { ...none, drift: dryRun ? drift : await repair(ctx, customer, drift) }
  } catch (error) {
    const { customerId } = customer
    if (isMissing(error)) {
      return {
        ...none,
        isUnknown: true,
        drift: [unrepaired('customer_unknown', customer, UNKNOWN)],
      }
    }
    if (!(error instanceof TollgateError)) throw error
    if (error.code === 'STRIPE_UNAVAILABLE') return { ...none, failure: error }
    ctx.log.error({ err: error, customerId }, 'a customer could not be compared with Stripe')
    return { ...none, drift: [unrepaired('customer_failed', customer, error.message)] }
  }
}

/** Repairs by a sync, which writes what Stripe lists; then what Stripe does not list any more. */
async function repair(
  ctx: Context,
  customer: BoundCustomer,
  drift: readonly Drift[],
): Promise<Drift[]> {
  if (drift.length === 0) return []
  await syncCustomer(ctx, customer)
  const unlisted = drift.filter(({ kind }) => kind === 'subscription_unknown')
  const ids = unlisted.map(({ objectId }) => objectId)
  const ended =
    ids.length === 0
      ? new Set<string>()
      : await settleUnlisted(ctx, { customerId: customer.customerId, ids })
  return drift.map((each) => ({
    ...each,
    repaired:
      !forOperator.has(each.kind) &&
      (each.kind !== 'subscription_unknown' || ended.has(each.objectId)),
  }))
}

/** Ends the subscriptions of a customer that Stripe does not know although it knows others. */
async function settleUnknown(
  ctx: Context,
  customer: BoundCustomer,
): Promise<Drift[] | TollgateError> {
  const running = await readRunning(ctx.db.pool, customer)
  if (running.length === 0) return []
  try {
    const ids = running.map(({ id }) => id)
    const ended = await settleUnlisted(ctx, { customerId: customer.customerId, ids })
    return running.map(lost(customer)).map((each) => ({
      ...each,
      repaired: ended.has(each.objectId),
    }))
  } catch (error) {
    if (error instanceof TollgateError && error.code === 'STRIPE_UNAVAILABLE') return error
    throw error
  }
}

/** A subscription of a customer that Stripe does not know. */
function lost(customer: BoundCustomer): (row: { id: string; status: string }) => Drift {
  return ({ id, status }) => ({
    ...unrepaired('subscription_unknown', customer, status),
    objectId: id,
  })
}

function unrepaired(
  kind: Drift['kind'],
  { userId, customerId }: BoundCustomer,
  detail: string,
): Drift {
  return { kind, objectId: customerId, userId, customerId, detail, repaired: false }
}

async function differences(ctx: Context, customer: BoundCustomer): Promise<Drift[]> {
  const state = await fetchStripeState(ctx, customer.customerId)
  // Stripe knows this customer, so not all are unknown.
  if ((await stripeTrouble(ctx))?.code === 'customers_unknown') await writeStop(ctx, null)
  const stored = await readStored(ctx.db.pool, customer)
  const grants = await readPaidGrantsOf(ctx.db.pool, customer.userId)
  const rows = decide(state, await readKnownPrices(ctx))
  const dead = stored.deadEvents.map(
    (id) => ({ kind: 'event_dead', objectId: id, detail: '' }) as const,
  )
  const overage = await overageDifferences(ctx, customer)
  return [...compare({ ...stored, grants }, rows, customer.userId), ...dead, ...overage].map(
    (each) => ({
      ...each,
      objectId: isOfUser(each.kind) ? `${customer.userId}:${each.objectId}` : each.objectId,
      ...customer,
      repaired: false,
    }),
  )
}

/** Whether the object of a difference is named within its user: a meter. */
function isOfUser(kind: Drift['kind']): boolean {
  return (
    kind.startsWith('quota') ||
    kind.startsWith('overage_terms') ||
    kind === 'overage_differs' ||
    kind === 'trial_differs'
  )
}
