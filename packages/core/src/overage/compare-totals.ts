import type { Context } from '../context.ts'
import { compareHours, hourOf } from './delivery/summaries.ts'
import type { Told } from './delivery/told-store.ts'
import { readOldestDelivered, readTold } from './delivery/told-store.ts'

const HOUR_MS = 3_600_000
/** Stripe gives what it was sent some time to be processed; an hour that is newer is compared by the next run. */
const PROCESSED_MS = HOUR_MS
/** Older usage can't be corrected any more (docs/stripe.md, fact 14). */
const OLDEST_MS = 35 * 24 * HOUR_MS

export interface OverageDifference {
  kind: 'overage_differs' | `overage_${Told['state']}`
  /** The meter, or the identifier of a delivery. */
  objectId: string
  detail: string
}

/**
 * How what Stripe has of a customer's overage differs from what was sold, by meter and hour, and what the operator has to
 * see to. One question to Stripe a meter that was sold in the last 35 days; none for others. Throws STRIPE_UNAVAILABLE.
 */
export async function overageDifferences(
  ctx: Context,
  { userId, customerId }: { userId: string; customerId: string },
): Promise<OverageDifference[]> {
  const now = ctx.clock.now().getTime()
  const since = new Date(now - OLDEST_MS)
  const to = new Date(hourOf(new Date(now - PROCESSED_MS)).getTime() - 1)
  const found: OverageDifference[] = []
  for (const { meter, from } of await readOldestDelivered(ctx.db.pool, { userId, since })) {
    if (from > to) continue
    for (const each of await compareHours(ctx, { userId, meter, customerId, from, to })) {
      const { hour, delivered, atStripe } = each
      const detail = `${hour.toISOString()}: ${delivered} sold, ${atStripe} at Stripe`
      found.push({ kind: 'overage_differs', objectId: meter, detail })
    }
  }
  const told = await readTold(ctx.db.pool, userId)
  return [...found, ...told.map(toDifference)]
}

function toDifference(told: Told): OverageDifference {
  const { state, identifier, meter, units, amount, currency, invoiceId } = told
  const invoice = invoiceId === null ? 'no invoice' : `invoice ${invoiceId}`
  const detail = `${units} of ${meter}, ${amount} ${currency}, ${invoice}`
  return { kind: `overage_${state}`, objectId: identifier, detail }
}
