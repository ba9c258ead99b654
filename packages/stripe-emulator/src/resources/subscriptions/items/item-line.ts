import type { Context } from '../../../core/context.ts'
import { proratedAmount } from '../../../core/money.ts'
import type { InvoiceLine, SubscriptionItem } from '../../../documents.ts'
import { subscriptionLines } from '../../invoices/line.ts'
import { isMetered } from '../../meters/meter.ts'
import { shareOfCycle } from './periods.ts'

/**
 * The invoice lines of an item for its current period. A period that is shorter than its cycle, at the beginning or
 * before a scheduled end, costs its share. A metered item has none before its period ends.
 */
export function itemLines(
  ctx: Context,
  item: SubscriptionItem,
  about: { anchor: number; trial: boolean },
): InvoiceLine[] {
  if (isMetered(item.price)) return []
  const { current_period_start: start, current_period_end: end } = item
  const lines = subscriptionLines(ctx, item, { period: { start, end }, trial: about.trial })
  if (about.trial) return lines
  const share = shareOfCycle(about.anchor, item, start)
  if (share.seconds === share.of) return lines
  return lines.map((line) => {
    const amount = proratedAmount(line.amount, share)
    return { ...line, amount, subtotal: amount }
  })
}

/** Whether an item's current period is a whole cycle. */
export function isWholeCycle(item: SubscriptionItem, anchor: number): boolean {
  const share = shareOfCycle(anchor, item, item.current_period_start)
  return share.seconds === share.of
}
