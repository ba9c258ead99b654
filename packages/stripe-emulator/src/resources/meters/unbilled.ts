import type { Context } from '../../core/context.ts'
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
  return ctx.store.newest('invoices').flatMap((invoice) => {
    if (invoice.status === 'draft') return []
    return invoice.lines.data.flatMap(({ pricing, parent, period, quantity }) => {
      const price = ctx.store.get('prices', pricing?.price_details?.price ?? '')
      const meter = price?.recurring?.meter ?? null
      const ofItem = parent?.subscription_item_details ?? null
      if (price === undefined || meter === null || ofItem === null) return []
      const customer = invoice.customer ?? ''
      const used = usedQuantity(ctx, price, { customer, ...period })
      const billed = quantity ?? 0
      return used === billed ? [] : [{ invoice: invoice.id, customer, meter, period, billed, used }]
    })
  })
}
