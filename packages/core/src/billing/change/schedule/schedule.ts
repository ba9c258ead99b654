import type Stripe from 'stripe'
import type { Context } from '../../../context.ts'
import { idOf, overagePrices } from '../../../stripe/index.ts'
import type { Target } from '../../target.ts'
import type { LiveSubscription } from '../live-subscription.ts'
import type { RunningChange } from '../write/run-change.ts'
import { writeToStripe } from '../write/run-change.ts'
import { foreignSchedule, remainingPhases, SCHEDULE_MARK } from './own-schedule.ts'
import type { Phase, SentPhase } from './sent-phase.ts'
import { sentPhase } from './sent-phase.ts'

type Schedule = Stripe.SubscriptionSchedule

/**
 * Moves a subscription to another price when its period ends, through a schedule: its own if it has one. Everything
 * else that Stripe holds stays. A repeat creates no second schedule, and completes one that was left without its phases.
 * Throws STRIPE_REJECTED where the schedule is not ours.
 */
export async function scheduleChange(
  ctx: Context,
  change: RunningChange,
  { live, target }: { live: LiveSubscription; target: Target },
): Promise<void> {
  const schedule = ownScheduleOf(live) ?? (await createSchedule(ctx, change, live.id))
  const [current, planned] = remainingPhases(schedule)
  if (current === undefined) throw foreignSchedule()
  const now = currentPhase(live, current)
  const next = planned === undefined ? followingPhase(now) : withoutDates(sentPhase(planned))
  const kept = next.items.map((item, index) =>
    index === planIndex(live, current) ? { ...item, price: target.price.id } : item,
  )
  const items = await withOverageOf(ctx, kept, { live, target })
  const duration = { interval: target.interval, interval_count: 1 }
  await writePhases(ctx, change, {
    subscriptionId: live.id,
    scheduleId: schedule.id,
    mark: target.plan,
    // At the end of a period there is nothing to prorate.
    phases: [now, { ...next, items, duration, proration_behavior: 'none' }],
  })
}

/** The items of a phase, with the overage of the plan that is to come in place of that of any other plan. */
async function withOverageOf(
  ctx: Context,
  items: SentPhase['items'],
  { live, target }: { live: LiveSubscription; target: Target },
): Promise<SentPhase['items']> {
  const pending = live.pendingPlan === null ? [] : await overagePrices(ctx, live.pendingPlan)
  const before = new Set([...live.overageItems, ...pending].map(({ priceId }) => priceId))
  const wanted = await overagePrices(ctx, target.plan)
  return [
    ...items.filter(({ price }) => !before.has(price ?? '')),
    ...wanted.map(({ priceId }) => ({ price: priceId })),
  ]
}

/** Schedules again what was scheduled before a change that then did not happen. */
export async function restoreSchedule(
  ctx: Context,
  change: RunningChange,
  { live, released }: { live: LiveSubscription; released: Schedule },
): Promise<void> {
  const later = released.phases.filter(({ start_date }) => start_date >= live.item.periodEnd)
  if (later.length === 0) return
  const schedule = await createSchedule(ctx, change, live.id)
  const [current] = remainingPhases(schedule)
  if (current === undefined) throw foreignSchedule()
  await writePhases(ctx, change, {
    subscriptionId: live.id,
    scheduleId: schedule.id,
    mark: released.metadata?.[SCHEDULE_MARK] ?? '',
    phases: [currentPhase(live, current), ...later.map(sentPhase)],
  })
}

/**
 * Removes a subscription's schedule, so that it continues as it is. Returns what was scheduled; null where nothing was.
 * While there is a schedule, Stripe refuses to change the items or the end. Throws STRIPE_REJECTED where the schedule is
 * not ours.
 */
export async function releaseSchedule(
  ctx: Context,
  change: RunningChange,
  live: LiveSubscription,
): Promise<Schedule | null> {
  const schedule = ownScheduleOf(live)
  if (schedule === null) return null
  return writeToStripe(ctx, change, {
    step: 'release schedule',
    subscriptionId: live.id,
    call: (stripe, once) => stripe.subscriptionSchedules.release(schedule.id, {}, once),
  })
}

/** Whether a schedule has something to come. One without our mark that we have just created has not, but is to go too. */
export function hasNextPhase({ schedule }: LiveSubscription): boolean {
  if (schedule === null) return false
  return remainingPhases(schedule).length > 1 || schedule.phases.length === 1
}

/** The schedule of a subscription, if it is ours. Throws STRIPE_REJECTED where there is one that is not. */
function ownScheduleOf({ schedule, ownsSchedule }: LiveSubscription): Schedule | null {
  if (schedule !== null && !ownsSchedule) throw foreignSchedule()
  return schedule
}

function createSchedule(ctx: Context, change: RunningChange, id: string): Promise<Schedule> {
  return writeToStripe(ctx, change, {
    step: 'create schedule',
    subscriptionId: id,
    // Stripe takes no other parameter beside this one.
    call: (stripe, once) => stripe.subscriptionSchedules.create({ from_subscription: id }, once),
  })
}

interface Phases {
  subscriptionId: string
  scheduleId: string
  mark: string
  phases: SentPhase[]
}

async function writePhases(ctx: Context, change: RunningChange, to: Phases): Promise<void> {
  const { subscriptionId, scheduleId, mark, phases } = to
  await writeToStripe(ctx, change, {
    step: 'write phases',
    subscriptionId,
    call: (stripe, once) =>
      stripe.subscriptionSchedules.update(
        scheduleId,
        {
          phases,
          // As all of ours: one with another end is not ours any more.
          end_behavior: 'release',
          proration_behavior: 'none',
          metadata: { [SCHEDULE_MARK]: mark },
        },
        once,
      ),
  })
}

/**
 * The phase that runs now, until the end of the period. It carries the discounts and tax rates that the subscription
 * has, also where the phase does not name them: those that it does not name would be lost.
 */
export function currentPhase(live: LiveSubscription, phase: Phase): SentPhase {
  const sent = sentPhase(phase)
  return {
    ...live.carried,
    ...sent,
    items: sent.items.map((item) => ({ ...live.carriedByPrice.get(item.price ?? ''), ...item })),
    // Stripe accepts no other start.
    start_date: phase.start_date,
    end_date: live.item.periodEnd,
  }
}

/** What follows on a phase: the same, but for what happens once, when that phase begins. */
function followingPhase(phase: SentPhase): SentPhase {
  const { add_invoice_items: _items, billing_cycle_anchor: _anchor, ...rest } = withoutDates(phase)
  return rest
}

function withoutDates(phase: SentPhase): SentPhase {
  const { start_date: _start, end_date: _end, trial_end: _until, trial: _trial, ...rest } = phase
  return rest
}

/** Where the plan's item stands in the current phase, and so in the next one. */
export function planIndex({ item }: Pick<LiveSubscription, 'item'>, { items }: Phase): number {
  const index = items.findIndex(({ price }) => idOf(price) === item.priceId)
  return Math.max(index, 0)
}
