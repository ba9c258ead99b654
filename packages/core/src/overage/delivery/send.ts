import { meterEventName } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import { meterEventExists } from '../../stripe/index.ts'
import type { Delivery } from './delivery-store.ts'
import { beginSend, deferDelivery, endDelivery, readSaleTerms } from './delivery-store.ts'
import { periodState } from './period-invoice.ts'
import { compareHours } from './summaries.ts'

/** A person may wait for it. */
const QUICK = { timeout: 10_000, maxNetworkRetries: 0 } as const
/** Stripe knows an identifier for at least 24 hours (docs/stripe.md, fact 14). */
const KNOWN_MS = 23 * 3_600_000
const FIRST_PAUSE_MS = 15_000
const LONGEST_PAUSE_MS = 3_600_000

/** `delivered`, also where an earlier attempt did it; `open`: it is tried again; `told`: it can't be billed any more. */
export type Sent = 'delivered' | 'open' | 'told'

/**
 * Sends a delivery that is under way. A repeat sends the same identifier, which Stripe counts once within a day; after that
 * the meter's summaries say whether it arrived. Whatever Stripe refuses stays under way, with its reason. Throws
 * STRIPE_UNAVAILABLE after having stored that it is to be tried again.
 */
export async function sendDelivery(ctx: Context, delivery: Delivery): Promise<Sent> {
  const { identifier } = delivery
  try {
    const settled = await settleLate(ctx, delivery)
    if (settled !== null) return settled
    await beginSend(ctx.db.pool, identifier, ctx.clock.now())
    await send(ctx, delivery)
    await endDelivery(ctx.db.pool, { identifier, state: 'delivered', now: ctx.clock.now() })
    return 'delivered'
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    await defer(ctx, delivery, error.message)
    if (error.code !== 'STRIPE_REJECTED') throw error
    ctx.log.error({ err: error, identifier }, 'Stripe refuses overage; it is tried again')
    return 'open'
  }
}

async function send(
  ctx: Context,
  { identifier, meter, customerId, units, occurredAt }: Delivery,
): Promise<void> {
  try {
    await ctx.stripe.call((stripe) =>
      stripe.billing.meterEvents.create(
        {
          event_name: meterEventName(meter),
          identifier,
          payload: { stripe_customer_id: customerId, value: String(units) },
          timestamp: Math.ceil(occurredAt.getTime() / 1_000),
        },
        QUICK,
      ),
    )
  } catch (error) {
    if (!meterEventExists(error, identifier)) throw error
  }
}

/** What became of one whose period was invoiced, or that was sent more than a day ago; null: it is to be sent. */
async function settleLate(ctx: Context, delivery: Delivery): Promise<Sent | null> {
  const { identifier, firstSentAt, units } = delivery
  const now = ctx.clock.now()
  const isForgotten = firstSentAt !== null && now.getTime() - firstSentAt.getTime() > KNOWN_MS
  const terms = await readSaleTerms(ctx.db.pool, delivery)
  const isOpen = terms === null || (await periodState(ctx, delivery, terms)).isOpen
  if (isOpen && !isForgotten) return null
  const arrived = firstSentAt !== null ? await hasArrived(ctx, delivery) : false
  if (arrived === null) throw new TollgateError('STRIPE_REJECTED', DIFFERS)
  if (arrived) {
    await endDelivery(ctx.db.pool, { identifier, state: 'delivered', now })
    return 'delivered'
  }
  if (isOpen) return null
  const state = units > 0 ? 'unbilled' : 'refund_due'
  await endDelivery(ctx.db.pool, { identifier, state, reason: LATE, now })
  return 'told'
}

const DIFFERS = "Stripe's meter has neither what was delivered before nor that with this"
const LATE = 'Its billing period was invoiced before'

/** Whether Stripe's meter has a delivery beside those before it; null: it has something else. */
async function hasArrived(
  ctx: Context,
  { userId, meter, customerId, units, occurredAt }: Delivery,
): Promise<boolean | null> {
  const range = { from: occurredAt, to: occurredAt }
  const found = await compareHours(ctx, { userId, meter, customerId, ...range })
  const [difference] = found
  if (difference === undefined) return false
  return difference.atStripe - difference.delivered === units ? true : null
}

async function defer(
  ctx: Context,
  { identifier, attempts }: Delivery,
  reason: string,
): Promise<void> {
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts, 20))
  const nextTryAt = new Date(ctx.clock.now().getTime() + pauseMs)
  await deferDelivery(ctx.db.pool, { identifier, reason, nextTryAt })
}
