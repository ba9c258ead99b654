import type { Limit } from '../catalog/index.ts'

/** Why a use of a meter is refused. */
export type Refusal = 'quota_exceeded' | 'no_subscription' | 'subscription_inactive'

/** What the database holds about a user's right to a meter: their subscription's, and an operator's override. */
export interface QuotaRow {
  status: string | null
  plan: string | null
  pastDueSince: Date | null
  planLimit: Limit
  override: Limit | null
}

/** What a user may use of a meter at an instant. `refusal`: they may use nothing, whatever the limit. */
export interface Entitlement extends Limit {
  source: 'plan' | 'override' | 'none'
  refusal: Exclude<Refusal, 'quota_exceeded'> | null
}

const DAY_MS = 86_400_000

/** When a past_due subscription stops giving quota; null where the status is another. */
export function graceEnd(
  status: string,
  pastDueSince: Date | null,
  graceDays: number,
): Date | null {
  if (status !== 'past_due' || !pastDueSince) return null
  return new Date(pastDueSince.getTime() + graceDays * DAY_MS)
}

/**
 * The right that holds at `now`. Active and trialing give quota, past_due until its grace ends, every other
 * status none; a plan that is not known to us gives 0, never unlimited; an override replaces the limit only
 * while a subscription gives quota. Source: contract, "Meaning of subscriptions".
 */
export function entitlementAt(row: QuotaRow, now: Date, graceDays: number): Entitlement {
  if (row.status === null) return nothing('no_subscription')
  if (!givesQuota(row.status, row, { now, graceDays })) return nothing('subscription_inactive')
  if (row.plan === null) return nothing(null)
  if (row.override) return { ...row.override, source: 'override', refusal: null }
  return { ...row.planLimit, source: 'plan', refusal: null }
}

function givesQuota(
  status: string,
  { pastDueSince }: QuotaRow,
  { now, graceDays }: { now: Date; graceDays: number },
): boolean {
  if (status === 'active' || status === 'trialing') return true
  if (status !== 'past_due') return false
  const until = graceEnd(status, pastDueSince, graceDays)
  return until !== null && now < until
}

function nothing(refusal: Entitlement['refusal']): Entitlement {
  return { limit: 0, unlimited: false, source: 'none', refusal }
}
