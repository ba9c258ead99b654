import type Stripe from 'stripe'

interface Rule {
  /** It is over for good. A customer may have another subscription, and this one never counts again. */
  ended: boolean
  /** Stripe charges for it: it counts as revenue. A trial is not charged yet; the others are not, or not any more. */
  billed: boolean
  /** Nothing is owed. Only then can it move to a plan that costs more. */
  paidUp: boolean
  /** `grace`: for as many days as the settings say. So does `always` while a payment is lost to a dispute. */
  quota: 'always' | 'grace' | 'never'
}

/** Stripe may add a status. Until it stands below, it runs, is not billed and gives no quota. */
const UNKNOWN: Rule = { ended: false, billed: false, paidUp: false, quota: 'never' }

/**
 * Stripe's statuses of a subscription, and what each means here. Their order says which of a customer's subscriptions
 * counts: the first. Source: docs/contract.md, "Meaning of subscriptions".
 */
const rules = {
  active: { ended: false, billed: true, paidUp: true, quota: 'always' },
  trialing: { ended: false, billed: false, paidUp: true, quota: 'always' },
  past_due: { ended: false, billed: true, paidUp: false, quota: 'grace' },
  unpaid: { ended: false, billed: false, paidUp: false, quota: 'never' },
  paused: { ended: false, billed: false, paidUp: false, quota: 'never' },
  incomplete: { ended: false, billed: false, paidUp: false, quota: 'never' },
  incomplete_expired: { ended: true, billed: false, paidUp: false, quota: 'never' },
  canceled: { ended: true, billed: false, paidUp: false, quota: 'never' },
} as const satisfies Record<Stripe.Subscription.Status, Rule>

export type SubscriptionStatus = keyof typeof rules
/** The statuses that the subscription that counts can have: those that have not ended. */
export type RunningStatus = {
  [S in SubscriptionStatus]: (typeof rules)[S]['ended'] extends true ? never : S
}[SubscriptionStatus]

const all = Object.keys(rules) as SubscriptionStatus[]

export const endedStatuses: readonly SubscriptionStatus[] = all.filter(
  (status) => rules[status].ended,
)
export const billedStatuses: readonly SubscriptionStatus[] = all.filter(
  (status) => rules[status].billed,
)
export const paidUpStatuses: readonly SubscriptionStatus[] = all.filter(
  (status) => rules[status].paidUp,
)
export const runningStatuses = all.filter((status): status is RunningStatus => !rules[status].ended)

function ruleOf(status: string): Rule {
  return isKnown(status) ? rules[status] : UNKNOWN
}

function isKnown(status: string): status is SubscriptionStatus {
  return Object.hasOwn(rules, status)
}

/** Whether a subscription is over for good. While one is not, it runs, and there is no new checkout. */
export function hasEnded(status: string): boolean {
  return ruleOf(status).ended
}

/** Whether nothing is owed, so that a subscription may move to a plan that costs more. */
export function isPaidUp(status: string): boolean {
  return ruleOf(status).paidUp
}

/** Whether the first invoice is still to be paid. Until then there is nothing to change or to cancel. */
export function awaitsFirstPayment(status: string): boolean {
  return status === 'incomplete'
}

/** Whether a subscription in this status has windows of its own: it gives quota, or did before. Source: docs/contract.md, "Meaning of usage". */
export function beginsWindows(status: string): boolean {
  return isKnown(status) && !rules[status].ended && !awaitsFirstPayment(status)
}

/** Whether it is charged when its period, or its trial, ends. */
export function isBilledLater(status: string): boolean {
  return ruleOf(status).billed || status === 'trialing'
}

/** The lower, the earlier a subscription counts; one of an unknown status counts last. */
export function precedence(status: string): number {
  return isKnown(status) ? all.indexOf(status) : all.length
}

const DAY_MS = 86_400_000

/**
 * When a subscription stops giving quota for which something is owed: one that is past_due, or whose payment was lost to
 * a dispute. Null where nothing is owed, and for a status that gives none.
 */
export function graceEnd(
  status: string,
  pastDueSince: Date | null,
  graceDays: number,
): Date | null {
  if (ruleOf(status).quota === 'never' || !pastDueSince) return null
  return new Date(pastDueSince.getTime() + graceDays * DAY_MS)
}

/** Whether a subscription gives its plan's quota at `now`. */
export function givesQuota(
  { status, pastDueSince }: { status: string; pastDueSince: Date | null },
  { now, graceDays }: { now: Date; graceDays: number },
): boolean {
  const { quota } = ruleOf(status)
  if (quota === 'never') return false
  const end = graceEnd(status, pastDueSince, graceDays)
  return end === null ? quota === 'always' : now < end
}

/** Whether a dispute is not decided yet, by its status at Stripe: an inquiry (`warning_…`) takes no money back. */
export function isOpenDispute(status: string): boolean {
  return openDisputes.has(status)
}

/** A status that Stripe adds is of no dispute that is open, until it stands here. */
export const openDisputes: ReadonlySet<string> = new Set([
  'needs_response',
  'under_review',
  'appeal_needs_response',
  'appeal_under_review',
  'warning_needs_response',
  'warning_under_review',
])

/** Whether a dispute is not decided yet and the money is withdrawn meanwhile: no inquiry. */
export function isWithdrawn(status: string): boolean {
  return isOpenDispute(status) && !status.startsWith('warning_')
}
