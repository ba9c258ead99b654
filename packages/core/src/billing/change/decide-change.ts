import { invalid, TollgateError } from '../../errors.ts'
import type { PlanPrice } from '../../stripe/index.ts'
import { awaitsFirstPayment, isPaidUp } from '../../subscriptions/index.ts'
import type { Target } from '../target.ts'
import type { LiveSubscription } from './live-subscription.ts'
import { isUpgrade } from './rate.ts'

/** `now`: an upgrade, paid at once. `atPeriodEnd`: a downgrade. */
export type Timing = 'now' | 'atPeriodEnd'

/**
 * When a change happens, or why it can't. To pay more in the same time is an upgrade, everything else waits for the end
 * of the period. Throws VALIDATION for the present plan, another currency, and a subscription that was cancelled (a
 * change would undo that without saying so); STRIPE_REJECTED while money is owed.
 */
export function decideChange(subscription: LiveSubscription, target: Target): Timing {
  const { name } = target
  const { item, cancelAt, status } = subscription
  if (item.priceId === target.price.id || subscription.plan === target.plan) {
    throw invalid('plan', `the subscription is on ${name} already`)
  }
  if (cancelAt !== null) {
    throw invalid('plan', 'the subscription was cancelled; resume it first, then change its plan')
  }
  if (subscription.currency !== target.price.currency) {
    throw invalid('plan', `${name} is sold in another currency than this subscription`)
  }
  const timing = timingOf(subscription, target.price)
  if (timing === 'now' && !isPaidUp(status)) throw paymentOwed()
  if (awaitsFirstPayment(status)) throw paymentOwed()
  return timing
}

function timingOf({ item }: LiveSubscription, price: PlanPrice): Timing {
  const { quantity, interval, intervalCount } = item
  const from = { amount: item.unitAmount * quantity, interval, intervalCount }
  const to = { amount: price.unitAmount * quantity, interval: price.interval, intervalCount: 1 }
  return isUpgrade(from, to) ? 'now' : 'atPeriodEnd'
}

function paymentOwed(): TollgateError {
  return new TollgateError(
    'STRIPE_REJECTED',
    'The subscription is not paid up. Pay its open invoice first, then change the plan.',
  )
}
