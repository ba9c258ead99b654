import type { Limit } from '../catalog/index.ts'
import { givesQuota } from '../subscriptions/index.ts'

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

/**
 * The right that holds at `now`. Active and trialing give quota, past_due until its grace ends, every other
 * status none; a plan that is not known to us gives 0, never unlimited; an override replaces the limit only
 * while a subscription gives quota. Source: docs/contract.md, "Meaning of
 * subscriptions".
 */
export function entitlementAt(row: QuotaRow, now: Date, graceDays: number): Entitlement {
  const { status, pastDueSince } = row
  if (status === null) return nothing('no_subscription')
  if (!givesQuota({ status, pastDueSince }, { now, graceDays }))
    return nothing('subscription_inactive')
  if (row.plan === null) return nothing(null)
  if (row.override) return { ...row.override, source: 'override', refusal: null }
  return { ...row.planLimit, source: 'plan', refusal: null }
}

function nothing(refusal: Entitlement['refusal']): Entitlement {
  return { limit: 0, unlimited: false, source: 'none', refusal }
}
