import type { AnyCatalog, PlanOf } from '../catalog/index.ts'
import { isPlan } from '../catalog/index.ts'
import { nearestWholeNumber } from '../whole-number.ts'
import { graceEnd } from './status.ts'

/** The subscription that counts for a user, as of the last sync. Instants are ISO 8601, UTC. */
export interface Subscription<P extends string = string> {
  id: string
  /** Null: its price maps to no plan of the catalogue, and it gives no quota. */
  plan: P | null
  /** What it costs: the price that is paid, which may be an earlier one than the plan's on offer. */
  price: SubscriptionPrice
  /** Stripe's own word. */
  status: string
  currentPeriodStart: string
  currentPeriodEnd: string
  /** When it ends, if it was cancelled; it gives quota until then. */
  cancelAt: string | null
  trialEnd: string | null
  /** A change under way, and when it happens. */
  pendingPlan: P | null
  /** Of the pending plan, which may be the present one at another interval. */
  pendingInterval: string | null
  pendingAt: string | null
  /** Until when it still gives quota: it is past_due, or a payment was lost to a dispute. */
  graceEndsAt: string | null
  /** While Stripe does not collect; `resumesAt` null: until the operator resumes it. Its quota stays. */
  collectionPaused: { resumesAt: string | null } | null
}

/** What the plan of a subscription costs, in the minor unit of the subscription's own currency. */
export interface SubscriptionPrice {
  currency: string
  /** Of one; 0 where the price has no such amount, since it has tiers for example. */
  unitAmount: number
  quantity: number
  /** For the whole quantity; null where the price has no amount for one. */
  amount: number | null
  /** It is paid every `intervalCount` intervals. */
  interval: string
  intervalCount: number
}

/** A row of `subscriptions`, as far as others than the sync read it. */
export interface StoredSubscription {
  id: string
  customerId: string
  status: string
  priceId: string | null
  plan: string | null
  isCurrent: boolean
  currency: string
  unitAmount: number | null
  quantity: number
  interval: string
  intervalCount: number
  currentPeriodStart: Date
  currentPeriodEnd: Date
  cancelAt: Date | null
  endedAt: Date | null
  trialEnd: Date | null
  pendingPlan: string | null
  pendingInterval: string | null
  pendingAt: Date | null
  pastDueSince: Date | null
  pauseBehavior: string | null
  pauseResumesAt: Date | null
  createdAt: Date
}

/** A row as callers see it. */
export function toSubscription<C extends AnyCatalog>(
  row: StoredSubscription,
  { catalog, graceDays }: { catalog: C; graceDays: number },
): Subscription<PlanOf<C>> {
  return {
    id: row.id,
    plan: planOrNull(catalog, row.plan),
    price: toPrice(row),
    status: row.status,
    currentPeriodStart: row.currentPeriodStart.toISOString(),
    currentPeriodEnd: row.currentPeriodEnd.toISOString(),
    cancelAt: row.cancelAt?.toISOString() ?? null,
    trialEnd: row.trialEnd?.toISOString() ?? null,
    pendingPlan: planOrNull(catalog, row.pendingPlan),
    pendingInterval: row.pendingInterval,
    pendingAt: row.pendingAt?.toISOString() ?? null,
    graceEndsAt: graceEnd(row.status, row.pastDueSince, graceDays)?.toISOString() ?? null,
    collectionPaused:
      row.pauseBehavior === null ? null : { resumesAt: row.pauseResumesAt?.toISOString() ?? null },
  }
}

function toPrice(row: StoredSubscription): SubscriptionPrice {
  const { currency, unitAmount, quantity, interval, intervalCount } = row
  return {
    currency,
    unitAmount: unitAmount ?? 0,
    quantity,
    amount: unitAmount === null ? null : Number(nearestWholeNumber(String(unitAmount * quantity))),
    interval,
    intervalCount,
  }
}

/** The plan of a row, where the catalogue has it. */
export function planOrNull<C extends AnyCatalog>(
  catalog: C,
  plan: string | null,
): PlanOf<C> | null {
  return plan !== null && isPlan(catalog, plan) ? plan : null
}
