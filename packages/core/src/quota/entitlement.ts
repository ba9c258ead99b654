import type { AnyCatalog, Limit } from '../catalog/index.ts'
import { freePlan, planLimit } from '../catalog/index.ts'
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

/** What decides beside a user's rows. */
export interface QuotaRules {
  /** How long a past_due subscription still gives quota. */
  graceDays: number
  /** What users have whose subscription gives no quota; null: nothing. */
  freePlan: string | null
  /** What the free plan gives of a meter; null where there is no free plan. */
  freeLimit: (meter: string) => Limit | null
  /** At which shares of a limit others are told; most catalogues have none. */
  alerts: readonly number[]
}

export function quotaRules(catalog: AnyCatalog, graceDays: number): QuotaRules {
  const free = freePlan(catalog)
  return {
    graceDays,
    freePlan: free,
    freeLimit: (meter) => (free === null ? null : planLimit(catalog, free, meter)),
    alerts: catalog.alerts,
  }
}

/** What a database row says of a user's subscription. All are null where there is none. */
export type PlanRow = Pick<QuotaRow, 'status' | 'plan' | 'pastDueSince'>

/** Whether a user's subscription gives what its plan says. */
function isGiving({ status, pastDueSince }: PlanRow, now: Date, graceDays: number): boolean {
  return status !== null && givesQuota({ status, pastDueSince }, { now, graceDays })
}

/** The plan that a user has at `now`: that of a subscription that gives quota, else the free one. Null: none. */
export function planAt(row: PlanRow, now: Date, rules: QuotaRules): string | null {
  return (isGiving(row, now, rules.graceDays) ? row.plan : null) ?? rules.freePlan
}

/**
 * The right to a meter that holds at `now`. Active and trialing give quota, past_due until its grace ends, every other
 * status none; a plan that is not known to us gives none, never unlimited. Whoever is given none has the free plan, if
 * there is one. An override replaces the limit of the plan, the free one too; without either it gives nothing. Source:
 * docs/contract.md, "Meaning of subscriptions".
 */
export function entitlementAt(
  { meter, quota }: { meter: string; quota: QuotaRow },
  now: Date,
  rules: QuotaRules,
): Entitlement {
  const { status, plan, override } = quota
  const gives = isGiving(quota, now, rules.graceDays)
  const limit = gives && plan !== null ? quota.planLimit : rules.freeLimit(meter)
  if (limit === null) return nothing(gives ? null : refusalWithout(status))
  if (override) return { ...override, source: 'override', refusal: null }
  return { ...limit, source: 'plan', refusal: null }
}

function refusalWithout(status: string | null): Entitlement['refusal'] {
  return status === null ? 'no_subscription' : 'subscription_inactive'
}

function nothing(refusal: Entitlement['refusal']): Entitlement {
  return { limit: 0, unlimited: false, source: 'none', refusal }
}
