import type { Context } from '../../../core/context.ts'
import type { Subscription, SubscriptionItem } from '../../../documents.ts'
import { endAt } from '../cancel.ts'
import { runningPeriod } from '../items/periods.ts'
import type { SubscriptionUpdate } from '../requests/subscription-params.ts'

type End = ReturnType<typeof endAt>

/** The scheduled end that an update asks for; null: none any more; undefined: it stays as it is. */
export function endFor(
  subscription: Subscription,
  params: SubscriptionUpdate,
): End | null | undefined {
  const { cancel_at: at, cancel_at_period_end: atPeriodEnd } = params
  if (atPeriodEnd === true) return endAt(subscription, 'cancel_at_period_end')
  if (atPeriodEnd === false || at === null) return null
  return at === undefined ? undefined : endAt(subscription, at)
}

/**
 * The items with another scheduled end. An end within a period cuts it, so that the rest is credited; without it the
 * period lasts as long as its cycle again (JSDoc of `cancel_at`).
 */
export function cutItems(ctx: Context, before: Subscription, end: End | null): SubscriptionItem[] {
  const items = before.items.data
  if (before.status === 'trialing') return items
  const now = ctx.timeOf(before.test_clock)
  const cycle = {
    ...before,
    cancel_at: end?.at ?? null,
    cancel_at_period_end: end?.atPeriodEnd ?? false,
  }
  return items.map((item) => {
    if (item.current_period_end <= now) return item
    const wasCut = before.cancel_at === item.current_period_end && !before.cancel_at_period_end
    const isCut = end !== null && !end.atPeriodEnd && end.at < item.current_period_end
    if (!wasCut && !isCut) return item
    const { end: until } = runningPeriod(cycle, item.price, now)
    return until === item.current_period_end ? item : { ...item, current_period_end: until }
  })
}
