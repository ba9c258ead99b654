import { fromSeconds, toSeconds } from '../../../core/clock.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { afterIntervals } from '../../../core/periods.ts'
import type { Price } from '../../../documents.ts'
import { recurrenceOf } from '../items/periods.ts'
import { requireFuture } from './request-rules.ts'
import type { SubscriptionCreation } from './subscription-params.ts'

type AnchorConfig = NonNullable<SubscriptionCreation['billing_cycle_anchor_config']>

/** The anchor that a request asks for; null: none. Throws 400 (docs/stripe.md, fact 25). */
export function anchorOf(
  params: SubscriptionCreation,
  prices: readonly Price[],
  now: number,
): number | null {
  const { billing_cycle_anchor: anchor, billing_cycle_anchor_config: config } = params
  if (anchor !== undefined && config !== undefined) {
    throw invalidRequest(
      'Received both billing_cycle_anchor and billing_cycle_anchor_config parameters. Please pass in only one.',
    )
  }
  if (config !== undefined) return configuredAnchor(config, prices, now)
  if (anchor === undefined) return null
  requireFuture(anchor, now, 'billing_cycle_anchor')
  const natural = Math.min(...prices.map((price) => afterIntervals(now, recurrenceOf(price), 1)))
  if (anchor <= natural) return anchor
  throw invalidRequest(
    `billing_cycle_anchor cannot be later than next natural billing date (${natural}) for plan`,
    { param: 'billing_cycle_anchor' },
  )
}

/**
 * The next instant with the day of the month, and with the month where one is given. A part of the time that is missing
 * is that of now. A day that a month lacks is found in the next month that has it (Stripe's documentation of billing
 * cycles: a cycle at the end of the month is anchored in a month of 31 days).
 */
function configuredAnchor(config: AnchorConfig, prices: readonly Price[], now: number): number {
  requireMonths(prices)
  if (config.month !== undefined) requireDayOfMonth(config.month, config.day_of_month)
  const today = fromSeconds(now)
  const step = config.month === undefined ? monthsBetween(prices) : 1
  for (let ahead = 0; ; ahead += ahead < MOST_MONTHS ? step : 1) {
    const month = today.getUTCMonth() + ahead
    const candidate = fromSeconds(
      Date.UTC(
        today.getUTCFullYear(),
        month,
        config.day_of_month,
        config.hour ?? today.getUTCHours(),
        config.minute ?? today.getUTCMinutes(),
        config.second ?? today.getUTCSeconds(),
      ) / 1000,
    )
    const hasDay = candidate.getUTCDate() === config.day_of_month
    const isMonth = config.month === undefined || candidate.getUTCMonth() === config.month - 1
    if (hasDay && isMonth && toSeconds(candidate) >= now) return toSeconds(candidate)
  }
}

/** How many months ahead a cycle of several months is tried; then every month. */
const MOST_MONTHS = 48

/** The anchor of a cycle of several months is on the grid that begins in this month. */
function monthsBetween(prices: readonly Price[]): number {
  const months = prices.flatMap(({ recurring }) =>
    recurring?.interval === 'month' ? recurring.interval_count : [],
  )
  return months.length === 0 ? 1 : Math.min(...months)
}

function requireMonths(prices: readonly Price[]): void {
  const isOfMonths = prices.every(({ recurring }) =>
    ['month', 'year'].includes(recurring?.interval ?? ''),
  )
  if (isOfMonths) return
  throw invalidRequest(
    '`billing_cycle_anchor_config` is only valid with monthly and yearly price intervals.',
    { param: 'billing_cycle_anchor_config' },
  )
}

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function requireDayOfMonth(month: number, day: number): void {
  if (day <= (LONGEST[month - 1] ?? 0)) return
  throw invalidRequest(`Month ${month} has no day ${day}.`, {
    param: 'billing_cycle_anchor_config[day_of_month]',
  })
}
