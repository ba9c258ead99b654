import type { AnyCatalog, Interval, PlanOf } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { checkWanted, findTarget } from '../target.ts'
import { decideChange } from './decide-change.ts'
import { readLive } from './live-subscription.ts'
import { quotePeriod, quoteUpgrade } from './quote.ts'

/** What a change of plan would cost. Amounts in the minor unit of `currency`, instants ISO 8601 in UTC. */
export interface ChangePreview {
  currency: string
  /** To be paid at once; 0 for a downgrade, or where credit covers it. */
  dueNow: number
  /** What Stripe will ask next, with quantity, discounts, other items and tax; and when. */
  nextAmount: number
  nextAt: string
  /** When the plan changes. */
  effectiveAt: string
  /** The lines of `dueNow`; negative ones are credited. */
  lines: { description: string; amount: number }[]
  /** Sent with the change within an hour, it makes the change cost this. */
  prorationDate: string
}

/**
 * What a change to this plan and interval (a month unless said) would cost now, to the cent, and when it would happen; changes nothing. Throws
 * USER_NOT_FOUND, UNKNOWN_PLAN, NO_SUBSCRIPTION, VALIDATION or STRIPE_REJECTED where the change itself would,
 * STRIPE_UNAVAILABLE.
 */
export async function previewChange<C extends AnyCatalog>(
  ctx: Context<C>,
  input: { userId: string; plan: PlanOf<C>; interval?: Interval | undefined },
): Promise<ChangePreview> {
  checkWanted(ctx, input)
  const subscription = await readLive(ctx, input.userId)
  const target = await findTarget(ctx, input)
  const { currency, item } = subscription
  if (decideChange(subscription, target) === 'atPeriodEnd') {
    const end = instant(item.periodEnd)
    const nextAmount = await quotePeriod(ctx, subscription, { target })
    const prorationDate = ctx.clock.now().toISOString()
    const then = { nextAmount, nextAt: end, effectiveAt: end }
    return { currency, dueNow: 0, ...then, lines: [], prorationDate }
  }
  const { dueNow, lines, at, nextAt, balance } = await quoteUpgrade(ctx, subscription, target)
  const nextAmount = await quotePeriod(ctx, subscription, { target, balance })
  const prorationDate = instant(at)
  const then = { nextAmount, nextAt: instant(nextAt), effectiveAt: prorationDate }
  return { currency, dueNow, ...then, lines, prorationDate }
}

function instant(seconds: number): string {
  return new Date(seconds * 1_000).toISOString()
}
