import type { Context } from '../../../core/context.ts'
import type { Subscription } from '../../../documents.ts'
import { changesBetween } from '../../events/changes.ts'

/** Why a subscription is paused, as its `status_details` say. */
type PauseReason = NonNullable<Subscription['status_details']>['paused']['subscription']['type']

/** Whether a subscription can be paused: no schedule drives it, and it is charged by itself [docs]. */
export function canPause(subscription: Subscription): boolean {
  return subscription.schedule === null && subscription.collection_method === 'charge_automatically'
}

/** Pauses a subscription: no period begins and no invoice is made until it is resumed. */
export function pauseSubscription(
  ctx: Context,
  before: Subscription,
  reason: PauseReason,
): Subscription {
  const after = ctx.patch('subscriptions', before.id, {
    status: 'paused',
    status_details: {
      paused: {
        subscription: { type: reason },
        transitioned_at: ctx.timeOf(before.test_clock),
        type: 'subscription',
      },
    },
  })
  ctx.emit('customer.subscription.paused', after, changesBetween(before, after))
  return after
}
