import type { Context } from '../../../core/context.ts'
import type { Subscription, SubscriptionItem } from '../../../documents.ts'
import { ofPeriod, restartedItems, runningPeriod } from '../items/periods.ts'
import type { SubscriptionUpdate } from '../requests/subscription-params.ts'
import { isEnded } from '../subscription.ts'
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
  /** Whether the period of every item gets a line of its own: at its price, or as a free trial. */
  newLines: 'none' | 'price' | 'trial'
}

interface ChangeRequest {
  items: SubscriptionItem[]
  params: SubscriptionUpdate
}

type Planning = ChangeRequest & { now: number; base: Pick<ChangePlan, 'at' | 'prorate'> }

/**
 * Decides what an update of items, anchor or trial does; null where it changes none of them. The end of a trial and a
 * reset anchor begin a new period, which is billed now. All other changes stay in the billing cycle, also another
 * interval and a move from free to paid (Stripe's comparison of billing modes; docs/stripe.md, facts 8 and 29).
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
  const base = { at: params.proration_date ?? now, prorate: behavior !== 'none' }
  const planning = { ...request, now, base }
  const { trial_end: end } = params
  if (typeof end === 'number' && end > now) return startTrial(before, { ...planning, end })
  if (before.status === 'trialing' && end !== undefined) return endTrial(before, planning)
  if (params.billing_cycle_anchor?.type === 'now') return restartCycle(before, planning)
  const isSame = items.every((item, index) => item === before.items.data[index])
  if (isSame && items.length === before.items.data.length) return null
  const changes = before.status === 'trialing' ? [] : itemChanges(before, items)
  const invoiceNow = behavior === 'always_invoice' && changes.length > 0
  return { ...base, items, fields: {}, changes, invoiceNow, newLines: 'none' }
}

/** Starts a trial now, or moves its end: it is free, and unused time is credited. */
function startTrial(before: Subscription, planning: Planning & { end: number }): ChangePlan {
  const { now, end } = planning
  const isTrialing = before.status === 'trialing'
  const items = planning.items.map((item) => ({ ...item, ...ofPeriod({ start: now, end }) }))
  const keepsAnchor = before.trial_settings?.end_behavior.billing_cycle_anchor === 'unchanged'
  return {
    ...planning.base,
    items,
    fields: {
      status: 'trialing',
      trial_start: isTrialing ? before.trial_start : now,
      trial_end: end,
      ...(keepsAnchor ? {} : { billing_cycle_anchor: end }),
    },
    changes: isTrialing ? [] : creditsOf(before),
    invoiceNow: !isTrialing,
    newLines: isTrialing ? 'none' : 'trial',
  }
}

/** Ends the trial now, and bills the period that begins. An anchor of its own stays, and so does an unchanged one. */
function endTrial(before: Subscription, planning: Planning): ChangePlan {
  const { now } = planning
  const reset = before.trial_settings?.end_behavior.billing_cycle_anchor ?? null
  const hasOwnAnchor = reset === null && before.billing_cycle_anchor !== before.trial_end
  const keepsAnchor = reset === 'unchanged' || hasOwnAnchor
  const cycle = { ...before, status: 'active' as const }
  const items = keepsAnchor
    ? planning.items.map((item) => ({
        ...item,
        ...ofPeriod({ start: now, end: runningPeriod(cycle, item.price, now).end }),
      }))
    : restartedItems(planning.items, now)
  return {
    ...planning.base,
    items,
    fields: {
      status: 'active',
      trial_end: now,
      ...(keepsAnchor ? {} : { billing_cycle_anchor: now }),
    },
    changes: [],
    invoiceNow: true,
    newLines: 'price',
  }
}

/** Moves the anchor to now: the old periods are credited, and new ones are billed in full. */
function restartCycle(before: Subscription, planning: Planning): ChangePlan {
  const { now } = planning
  const isTrialing = before.status === 'trialing'
  return {
    ...planning.base,
    items: restartedItems(planning.items, now),
    fields: {
      billing_cycle_anchor: now,
      ...(isTrialing ? { status: 'active', trial_end: now } : {}),
    },
    changes: isTrialing ? [] : creditsOf(before),
    invoiceNow: true,
    newLines: 'price',
  }
}

function creditsOf(before: Subscription): ItemChange[] {
  return before.items.data.map((item) => ({ before: item, after: null }))
}
