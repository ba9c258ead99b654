import type { Entitlement } from '../entitlement.ts'
import { stepsAround } from '../windows/month-steps.ts'
import type { Overage } from './beyond.ts'

/** What is sold of a meter beyond the plan, and where its sales are counted. */
export interface OpenOverage extends Overage {
  subscriptionId: string
  /** First instant of the billing period of now. */
  periodStart: Date
  /** The last hour of that period in which anything was sold. */
  lastHour: Date | null
  /** Use that happened before is never sold. */
  itemSince: Date
}

/** The terms of a subscription that sells, as `OVERAGE` selects them: instants in ISO 8601. */
export interface OverageRow {
  subscription_id: string
  period_start: string
  period_end: string
  anchor: string
  item_since: string
  sells_until: string | null
  /** Units that open reservations hold, and what of it those hold that have expired. */
  held: number
  held_expired: number
  /** The most units that the cap pays for; null: no cap. */
  cap: number | null
  /** The last hour with sales in the billing period of now, or before it, with the total of its period. */
  sales_period: string | null
  sales_hour: string | null
  sales_total: number | null
}

/**
 * What may be sold at `now`; null: nothing. Only what a plan limits is ever sold: an override stops it. A billing period
 * whose end has come without a sync is followed by the next one, in monthly steps from the anchor.
 */
export function overageAt(
  row: OverageRow | null,
  { source, refusal }: Pick<Entitlement, 'source' | 'refusal'>,
  now: Date,
): OpenOverage | null {
  if (row === null || source !== 'plan' || refusal !== null) return null
  if (row.sells_until !== null && now >= new Date(row.sells_until)) return null
  const itemSince = new Date(row.item_since)
  if (now < itemSince) return null
  const periodStart = periodStartAt(row, now)
  const ofPeriod =
    row.sales_period !== null && new Date(row.sales_period).getTime() === periodStart.getTime()
  return {
    subscriptionId: row.subscription_id,
    periodStart,
    lastHour: ofPeriod && row.sales_hour !== null ? new Date(row.sales_hour) : null,
    itemSince,
    used: ofPeriod ? (row.sales_total ?? 0) : 0,
    held: row.held - row.held_expired,
    cap: row.cap,
  }
}

function periodStartAt({ period_start, period_end, anchor }: OverageRow, now: Date): Date {
  if (now < new Date(period_end)) return new Date(period_start)
  return stepsAround(new Date(anchor), now).start
}
