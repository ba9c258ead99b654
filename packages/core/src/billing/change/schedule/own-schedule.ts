import { isDeepStrictEqual } from 'node:util'
import type Stripe from 'stripe'
import { TollgateError } from '../../../errors.ts'
import type { Phase } from './sent-phase.ts'
import { phaseSettings, sentItem } from './sent-phase.ts'

type Schedule = Stripe.SubscriptionSchedule

/** The metadata of a schedule that we made. It names the plan that the subscription is to have. */
export const SCHEDULE_MARK = 'tollgate_pending_plan'

/** The current phase of a schedule, and those after it. */
export function remainingPhases({ phases, current_phase: current }: Schedule): Phase[] {
  return current === null ? [] : phases.filter(({ end_date }) => end_date > current.start_date)
}

/**
 * Whether a schedule is ours to release or to change: it bears our mark, or it changes the plan to one of ours and does
 * nothing else (so were those made before there was a mark), or we have just created it. A schedule that does more
 * belongs to whoever made it, also where it once was ours: one that ends the subscription, has further phases, or
 * changes discounts, quantities or items.
 */
export function isOwnSchedule(
  schedule: Schedule,
  { pendingPlan, isCreating }: { pendingPlan: string | null; isCreating: boolean },
): boolean {
  const [current, next, ...later] = remainingPhases(schedule)
  const { phases, metadata, end_behavior: atEnd } = schedule
  const isMarked = metadata?.[SCHEDULE_MARK] !== undefined
  if (current === undefined || later.length > 0) return false
  if (!isMarked && Object.keys(metadata ?? {}).length > 0) return false
  if (phases.length === 1 && isCreating) return true
  if (atEnd !== 'release' || isMarked) return atEnd === 'release'
  if (next !== undefined) return pendingPlan !== null && changesOnlyPrice(current, next)
  const before = phases[phases.indexOf(current) - 1]
  return before !== undefined && changesOnlyPrice(before, current)
}

/** Whether two phases differ in the price of one item, and in nothing else but their dates. */
function changesOnlyPrice(a: Phase, b: Phase): boolean {
  const [before, after] = [a.items.map(sentItem), b.items.map(sentItem)]
  const changed = after.filter(({ price }, index) => price !== before[index]?.price)
  const others = (items: typeof before) => items.map((item) => ({ ...item, price: null }))
  return (
    changed.length === 1 &&
    isDeepStrictEqual(others(before), others(after)) &&
    isDeepStrictEqual(settingsOf(a), settingsOf(b))
  )
}

/** How the step into a phase is billed says nothing about what is billed in it. */
function settingsOf(phase: Phase) {
  const { proration_behavior: _, ...settings } = phaseSettings(phase)
  return settings
}

/** The refusal to touch a schedule of somebody else. */
export function foreignSchedule(): TollgateError {
  return new TollgateError(
    'STRIPE_REJECTED',
    "This subscription follows a schedule that was set up for it at Stripe, and can't be changed here. Contact support.",
  )
}
