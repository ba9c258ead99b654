import type pg from 'pg'
import { meterEventName } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { listMeters } from '../../stripe/index.ts'
import type { MeterOfUser } from './delivery-store.ts'
import { readDelivered } from './delivery-store.ts'

const HOUR_MS = 3_600_000

/** An hour in which Stripe's meter has something else than what was delivered. */
export interface HourDifference {
  hour: Date
  delivered: number
  atStripe: number
}

/** A customer's meter, from one instant to another: whole hours are compared, those at both ends too. */
export interface Compared extends MeterOfUser {
  customerId: string
  from: Date
  to: Date
}

/**
 * The hours in which Stripe's meter has something else than what we delivered. Stripe processes what it took somewhat later,
 * so a difference counts only after a while. Throws STRIPE_UNAVAILABLE, STRIPE_REJECTED.
 */
export async function compareHours(
  ctx: Context,
  { userId, meter, customerId, ...range }: Compared,
): Promise<HourDifference[]> {
  const [from, to] = [hourOf(range.from), new Date(hourOf(range.to).getTime() + HOUR_MS)]
  const stripe = await readSummaries(ctx, { meter, customerId, from, to })
  const ours = await readDelivered(ctx.db.pool, { userId, meter, from, to })
  const hours = [...new Set([...stripe.keys(), ...ours.keys()])].toSorted((a, b) => a - b)
  return hours.flatMap((hour) => {
    const [delivered, atStripe] = [ours.get(hour) ?? 0, stripe.get(hour) ?? 0]
    return delivered === atStripe ? [] : [{ hour: new Date(hour), delivered, atStripe }]
  })
}

/** What Stripe's meter has of a customer, by the hour. */
async function readSummaries(
  ctx: Context,
  { meter, customerId, from, to }: Omit<Compared, 'userId'>,
): Promise<Map<number, number>> {
  const id = await meterId(ctx, meter)
  if (id === null) return new Map()
  const summaries = await ctx.stripe.call((stripe) =>
    stripe.billing.meters
      .listEventSummaries(id, {
        customer: customerId,
        start_time: from.getTime() / 1_000,
        end_time: to.getTime() / 1_000,
        value_grouping_window: 'hour',
        limit: 100,
      })
      .autoPagingToArray({ limit: 10_000 }),
  )
  return new Map(
    summaries.map(({ start_time, aggregated_value }) => [start_time * 1_000, aggregated_value]),
  )
}

const known = new WeakMap<pg.Pool, Map<string, string>>()

/** The id of the Billing Meter that takes a meter's events; null: Stripe has none. It is asked for once. */
async function meterId(ctx: Context, meter: string): Promise<string | null> {
  const ids = known.get(ctx.db.pool) ?? new Map<string, string>()
  known.set(ctx.db.pool, ids)
  const before = ids.get(meter)
  if (before !== undefined) return before
  const meters = await listMeters(ctx, { status: 'active' })
  const found = meters.find(({ event_name }) => event_name === meterEventName(meter))
  if (found) ids.set(meter, found.id)
  return found?.id ?? null
}

export function hourOf(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / HOUR_MS) * HOUR_MS)
}
