import type { Context } from '../../context.ts'
import { idempotencyKey } from '../../stripe/index.ts'
import type { Target } from '../target.ts'
import type { LiveSubscription } from './live-subscription.ts'
import { QUICK } from './live-subscription.ts'

/** The phases that a schedule still had to run when it was released. Instants are Stripe's seconds. */
export interface Released {
  endBehavior: string
  phases: {
    items: { price: string; quantity: number }[]
    start_date: number
    end_date: number
    trial_end?: number
  }[]
}

/**
 * Moves a subscription to another price when its period ends, through a schedule: its own if it has one. A repeat
 * creates no second schedule, and completes one that was left without its phases.
 */
export async function scheduleChange(
  ctx: Context,
  subscription: LiveSubscription,
  { target, attempt }: { target: Target; attempt: number },
): Promise<void> {
  const { item, trialEnd, phaseStart } = subscription
  const items = subscription.items.map(({ price, quantity }) => ({ price, quantity }))
  const next = subscription.items.map(({ id, price, quantity }) => ({
    price: id === item.id ? target.price.id : price,
    quantity,
  }))
  await writePhases(ctx, subscription, {
    attempt,
    endBehavior: 'release',
    phases: [
      {
        items,
        start_date: phaseStart,
        end_date: item.periodEnd,
        ...(trialEnd !== null && { trial_end: trialEnd }),
      },
      { items: next, duration: { interval: target.price.interval, interval_count: 1 } },
    ],
  })
}

/** Schedules again what was scheduled before a change that then did not happen. */
export async function restoreSchedule(
  ctx: Context,
  subscription: LiveSubscription,
  { released, attempt }: { released: Released; attempt: number },
): Promise<void> {
  const { phases, endBehavior } = released
  await writePhases(ctx, { ...subscription, scheduleId: null }, { attempt, endBehavior, phases })
}

interface Phase {
  items: { price: string; quantity: number }[]
  start_date?: number
  end_date?: number
  trial_end?: number
  duration?: { interval: 'day' | 'week' | 'month' | 'year'; interval_count: number }
}

async function writePhases(
  ctx: Context,
  { id, scheduleId }: Pick<LiveSubscription, 'id' | 'scheduleId'>,
  { attempt, endBehavior, phases }: { attempt: number; endBehavior: string; phases: Phase[] },
): Promise<void> {
  const once = (step: string) => ({
    ...QUICK,
    idempotencyKey: idempotencyKey('schedule', step, id, attempt),
  })
  const made = scheduleId === null ? await createSchedule(ctx, id, once('create')) : null
  // The current phase keeps its start: Stripe accepts no other.
  const start = made?.current_phase && { start_date: made.current_phase.start_date }
  await ctx.stripe.call((stripe) =>
    stripe.subscriptionSchedules.update(
      made?.id ?? scheduleId ?? '',
      {
        // At the end of a period there is nothing to prorate.
        phases: phases.map((phase, index) => ({
          ...phase,
          ...(index === 0 && start),
          proration_behavior: 'none',
        })),
        end_behavior: endBehavior === 'cancel' ? 'cancel' : 'release',
        proration_behavior: 'none',
      },
      once('phases'),
    ),
  )
}

function createSchedule(ctx: Context, id: string, once: typeof QUICK & { idempotencyKey: string }) {
  return ctx.stripe.call((stripe) =>
    stripe.subscriptionSchedules.create({ from_subscription: id }, once),
  )
}

/**
 * Removes a subscription's schedule, so that it continues as it is. Returns what was scheduled; null where nothing was.
 * While there is a schedule, Stripe refuses to change the items or the end.
 */
export async function releaseSchedule(
  ctx: Context,
  { scheduleId, item }: Pick<LiveSubscription, 'scheduleId' | 'item'>,
): Promise<Released | null> {
  if (scheduleId === null) return null
  // Without an idempotency key: it can happen only once, and Stripe would keep the answer to a key for a day.
  const { phases, end_behavior } = await ctx.stripe.call((stripe) =>
    stripe.subscriptionSchedules.release(scheduleId, {}, QUICK),
  )
  const left = phases.filter(({ end_date }) => end_date >= item.periodEnd)
  return {
    endBehavior: end_behavior,
    phases: left.map(({ items, start_date, end_date, trial_end }) => ({
      items: items.map(({ price, quantity }) => ({
        price: typeof price === 'string' ? price : price.id,
        quantity: quantity ?? 1,
      })),
      start_date,
      end_date,
      ...(trial_end !== null && { trial_end }),
    })),
  }
}
