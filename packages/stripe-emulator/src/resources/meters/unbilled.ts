import type { Context } from '../../core/context.ts'
import type { Invoice } from '../../documents.ts'
import { usedQuantity } from './metered-items.ts'

/** Usage that differs from what a finalized invoice has billed for its time. */
interface Unbilled {
  invoice: string
  customer: string
  meter: string
  period: { start: number; end: number }
  billed: number
  used: number
}

/**
 * The finalized invoices whose usage has changed since: it was reported, corrected or canceled too late, and is on no
 * invoice. Stripe keeps no such list.
 */
export function unbilledUsage(ctx: Context): Unbilled[] {
  const found: Unbilled[] = []
  for (const invoice of ctx.store.newest('invoices')) {
    if (invoice.status !== 'draft') found.push(...unbilledOn(ctx, invoice))
  }
  return found
}

function unbilledOn(ctx: Context, invoice: Invoice): Unbilled[] {
  const billed = new Map<string, Unbilled>()
  for (const { pricing, parent, period, quantity } of invoice.lines.data) {
    const price = ctx.store.get('prices', pricing?.price_details?.price ?? '')
    const meter = price?.recurring?.meter ?? null
    const item = parent?.subscription_item_details?.subscription_item
    if (price === undefined || meter === null || item === undefined) continue
    const customer = invoice.customer ?? ''
    const used = usedQuantity(ctx, price, { customer, ...period })
    const key = `${item}/${period.start}`
    // With tiers there are several lines for one time.
    const before = billed.get(key)?.billed ?? 0
    billed.set(key, {
      invoice: invoice.id,
      customer,
      meter,
      period,
      billed: before + (quantity ?? 0),
      used,
    })
  }
  return [...billed.values()].filter(({ billed: sum, used }) => sum !== used)
}
