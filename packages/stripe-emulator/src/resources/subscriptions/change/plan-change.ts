import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { nextBoundary } from '../../../core/periods.ts'
import type { Subscription, SubscriptionItem } from '../../../documents.ts'
import { priceAmount } from '../../catalog/amount.ts'
import { isEnded, periodEnd, periodStart } from '../subscription.ts'
import type { SubscriptionUpdate } from '../subscription-params.ts'
import type { ItemChange } from './prorate.ts'
import { itemChanges } from './prorate.ts'

/** The effects of a change of items, anchor or trial: the new items, and what is billed. */
export interface ChangePlan {
  items: SubscriptionItem[]
  fields: Partial<Subscription>
  changes: ItemChange[]
  /** The instant of the proration. */
  at: number
  prorate: boolean
  /** Whether it is invoiced now; otherwise its cost is pending for the next invoice. */
  invoiceNow: boolean
  /** Whether the new period is billed in full, not as remaining time. */
  billNewPeriod: boolean
}

interface ChangeRequest {
  items: SubscriptionItem[]
  params: SubscriptionUpdate
}

/**
 * Decides what an update of items, anchor or trial does; null where it changes none of them. Another interval,
 * a move from free to paid, the end of a trial and a reset anchor begin a new period, which is billed now. All
 * other changes stay in the current period (docs/stripe.md, fact 8; JSDoc of `billing_cycle_anchor`).
 */
export function planChange(
  ctx: Context,
  before: Subscription,
  request: ChangeRequest,
): ChangePlan | null {
  if (isEnded(before)) return null
  const { items, params } = request
  const now = ctx.timeOf(before.test_clock)
  const behavior = params.proration_behavior ?? 'create_prorations'
  const base = {
    at: prorationInstant(before, now, params.proration_date),
    prorate: behavior !== 'none',
  }
  const end = params.trial_end
  if (typeof end === 'number' && end > now)
    return startTrial(before, { ...request, now, end, base })
  if (restartsPeriod(ctx, before, request)) return startPeriod(before, { ...request, now, base })
  if (items === before.items.data) return null
  const trialing = before.status === 'trialing'
  const changes = trialing ? [] : itemChanges(before, items)
  const invoiceNow = behavior === 'always_invoice' && changes.length > 0
  return { ...base, items, fields: {}, changes, invoiceNow, billNewPeriod: false }
}

function prorationInstant(before: Subscription, now: number, wanted: number | undefined): number {
  if (wanted === undefined) return now
  if (wanted >= periodStart(before) && wanted <= periodEnd(before)) return wanted
  throw invalidRequest('Cannot specify proration date outside of current subscription period.', {
    param: 'proration_date',
  })
}

type Base = Pick<ChangePlan, 'at' | 'prorate'>

/** Starts a new trial now: it is free, and unused time is credited. */
function startTrial(
  before: Subscription,
  request: ChangeRequest & { now: number; end: number; base: Base },
): ChangePlan {
  const items = inPeriod(request.items, request.now, request.end)
  const unused = before.status === 'trialing' ? [] : itemChanges(before, items)
  return {
    ...request.base,
    items,
    fields: trialFields(request.now, request.end),
    changes: unused.map((change) => ({ before: change.before, after: null })),
    invoiceNow: false,
    billNewPeriod: false,
  }
}

function inPeriod(
  items: readonly SubscriptionItem[],
  start: number,
  end: number,
): SubscriptionItem[] {
  return items.map((item) => ({ ...item, current_period_start: start, current_period_end: end }))
}

function trialFields(now: number, end: number): Partial<Subscription> {
  return { status: 'trialing', trial_start: now, trial_end: end, billing_cycle_anchor: end }
}

function restartsPeriod(ctx: Context, before: Subscription, request: ChangeRequest): boolean {
  const { items, params } = request
  if (params.billing_cycle_anchor?.type === 'now') return true
  if (before.status === 'trialing') return params.trial_end !== undefined
  return (
    intervalOf(items) !== intervalOf(before.items.data) ||
    (amountOf(ctx, before, before.items.data) === 0 && amountOf(ctx, before, items) > 0)
  )
}

function intervalOf(items: readonly SubscriptionItem[]): string {
  const intervals = items.map(
    (item) => `${item.price.recurring?.interval}/${item.price.recurring?.interval_count}`,
  )
  if (new Set(intervals).size > 1) {
    throw invalidRequest(
      'stripe-emulator: items of different intervals on one subscription are not emulated.',
      { param: 'items' },
    )
  }
  return intervals[0] ?? ''
}

function amountOf(
  ctx: Context,
  { currency }: Subscription,
  items: readonly SubscriptionItem[],
): number {
  return items.reduce(
    (sum, { price, quantity }) => sum + priceAmount(ctx, price, { quantity, currency }),
    0,
  )
}

/** Starts a new period now, and bills it now. */
function startPeriod(
  before: Subscription,
  request: ChangeRequest & { now: number; base: Base },
): ChangePlan {
  const { now, base } = request
  const items = nextPeriod(request.items, now)
  const endsTrial = before.status === 'trialing'
  const trialOver = endsTrial ? { status: 'active', trial_end: now } : {}
  return {
    ...base,
    items,
    fields: { billing_cycle_anchor: now, ...trialOver },
    changes: endsTrial ? [] : itemChanges(before, items),
    invoiceNow: true,
    billNewPeriod: endsTrial || !base.prorate,
  }
}

function nextPeriod(items: readonly SubscriptionItem[], anchor: number): SubscriptionItem[] {
  return items.map((item) => {
    if (item.price.recurring === null) throw new Error(`${item.price.id} does not recur`)
    const end = nextBoundary(anchor, item.price.recurring, anchor)
    return { ...item, current_period_start: anchor, current_period_end: end }
  })
}
