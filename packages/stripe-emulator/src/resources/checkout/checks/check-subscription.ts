import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { SessionParams } from '../params/session-params.ts'

const DAY = 86_400

/** Throws 400 for a trial or a billing cycle that Checkout refuses. */
export function checkSubscriptionData(
  ctx: Context,
  data: SessionParams['subscription_data'] = {},
): void {
  const { trial_end: end, trial_period_days: days, billing_cycle_anchor: anchor } = data
  if (end !== undefined && end < ctx.now + 2 * DAY) {
    refuse('The `trial_end` date has to be at least 2 days in the future.', 'trial_end')
  }
  if (days !== undefined && days < 1) {
    refuse('The minimum number of trial period days is 1.', 'trial_period_days')
  }
  if (end !== undefined && days !== undefined) {
    refuse(
      'You may only specify one of these parameters: trial_end, trial_period_days.',
      'trial_end',
    )
  }
  if (anchor === undefined) return
  if (end !== undefined || days !== undefined) {
    refuse('You can not pass `billing_cycle_anchor` together with a trial.', 'billing_cycle_anchor')
  }
  if (anchor <= ctx.now) {
    refuse('`billing_cycle_anchor` must be a timestamp in the future.', 'billing_cycle_anchor')
  }
}

function refuse(message: string, name: string): never {
  throw invalidRequest(message, { param: `subscription_data[${name}]` })
}
