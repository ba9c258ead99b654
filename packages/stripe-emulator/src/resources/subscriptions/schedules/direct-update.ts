import type { Context } from '../../../core/context.ts'
import type { Subscription } from '../../../documents.ts'
import { updateSubscription } from '../change/update.ts'
import type { SubscriptionUpdate } from '../requests/subscription-params.ts'
import { changeSchedule, phaseAt, scheduleOf } from './phases.ts'
import { currentPhase } from './schedule.ts'

/** The parameters that a phase has too; a change of them begins a new phase. */
const OF_PHASE = ['add_invoice_items', 'items', 'trial_end'] as const

/**
 * Updates a subscription. Where a schedule drives it, its running phase is split: what was until now, and what is from
 * now on (Stripe's documentation of schedules).
 */
export function updateDirectly(
  ctx: Context,
  before: Subscription,
  params: SubscriptionUpdate,
): Subscription {
  const after = updateSubscription(ctx, before, params)
  const schedule = scheduleOf(ctx, after)
  const now = ctx.timeOf(before.test_clock)
  const running = schedule === null ? null : phaseAt(schedule, now)
  if (schedule === null || running === null) return after
  if (OF_PHASE.every((name) => params[name] === undefined)) return after
  const { items, trial_end } = currentPhase(after)
  const changed = { ...running, add_invoice_items: [], items, start_date: now, trial_end }
  const past = running.start_date < now ? [{ ...running, end_date: now }] : []
  changeSchedule(ctx, schedule, {
    current_phase: { start_date: now, end_date: running.end_date },
    phases: schedule.phases.flatMap((phase) => (phase === running ? [...past, changed] : phase)),
  })
  return after
}
