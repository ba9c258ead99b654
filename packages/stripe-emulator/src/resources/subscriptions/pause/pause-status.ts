import type { Context } from '../../../core/context.ts'
import type { Subscription } from '../../../documents.ts'
import { changesBetween } from '../../events/changes.ts'

/** The reason of a pause in `status_details`. */
type PauseReason = NonNullable<Subscription['status_details']>['paused']['subscription']['type']

/** Whether a subscription can be paused: it has no schedule and is charged automatically. */
export function canPause(subscription: Subscription): boolean {
  return subscription.schedule === null && subscription.collection_method === 'charge_automatically'
}

/** Pauses a subscription: no new period and no invoice until it is resumed. */
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
