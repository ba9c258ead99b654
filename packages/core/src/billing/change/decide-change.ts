import { invalid, TollgateError } from '../../errors.ts'
import { awaitsFirstPayment, isPaidUp } from '../../subscriptions/index.ts'
import type { Target } from '../target.ts'
import type { LiveSubscription } from './live-subscription.ts'
import { isUpgrade } from './rate.ts'
import { foreignSchedule } from './schedule/own-schedule.ts'

/** `now`: an upgrade, paid at once. `atPeriodEnd`: a downgrade. */
export type Timing = 'now' | 'atPeriodEnd'

/**
 * When a change happens, or why it can't. To pay more in the same time is an upgrade, everything else waits for the end
 * of the period. Throws VALIDATION for the present plan at its interval, a currency that the plan has no price in, and a subscription
 * that is to end (a change would undo that without saying so); STRIPE_REJECTED while money is owed, and where somebody
 * else made a schedule for it.
 */
export function decideChange(subscription: LiveSubscription, target: Target): Timing {
  const { name } = target
  const { item, status, schedule, ownsSchedule } = subscription
  const isSame = subscription.plan === target.plan && item.interval === target.interval
  if (item.priceId === target.price.id || isSame) {
    throw invalid('plan', `the subscription is on ${name} already`)
  }
  refuseEnding(subscription)
  const amount = targetAmount(subscription, target)
  if (amount === null) {
    throw invalid('plan', `${name} is sold in another currency than this subscription`)
  }
  if (schedule !== null && !ownsSchedule) throw foreignSchedule()
  const timing = timingOf(subscription, { amount, interval: target.interval })
  if (timing === 'now' && !isPaidUp(status)) throw paymentOwed()
  if (awaitsFirstPayment(status)) throw paymentOwed()
  return timing
}

function refuseEnding({ cancelAt, item }: LiveSubscription): void {
  if (cancelAt === null) return
  if (cancelAt <= item.periodEnd) {
    throw invalid('plan', 'the subscription was cancelled; resume it first, then change its plan')
  }
  throw invalid('plan', 'the subscription has a fixed end; contact support to change its plan')
}

/** What one costs at the new price, in the subscription's currency; null where it is not sold in that. */
function targetAmount({ currency }: LiveSubscription, { price }: Target): number | null {
  if (price.currency === currency) return price.unitAmount
  return price.otherAmounts[currency] ?? null
}

function timingOf({ item }: LiveSubscription, price: { amount: number; interval: string }): Timing {
  const { quantity, interval, intervalCount, unitAmount } = item
  // What can't be compared does not cost anything now.
  if (unitAmount === null) return 'atPeriodEnd'
  const from = { amount: unitAmount * quantity, interval, intervalCount }
  const to = { amount: price.amount * quantity, interval: price.interval, intervalCount: 1 }
  return isUpgrade(from, to) ? 'now' : 'atPeriodEnd'
}

function paymentOwed(): TollgateError {
  return new TollgateError(
    'STRIPE_REJECTED',
    'The subscription is not paid up. Pay its open invoice first, then change the plan.',
  )
}
