import type { Context } from '../../../core/context.ts'
import type { List } from '../../../documents.ts'
import { priceAmount } from '../../catalog/amount.ts'
import { requirePrice } from '../../catalog/price.ts'
import { requireOrder, requireSession } from '../session.ts'

/** The line items of a session. */
export function lineItems(ctx: Context, sessionId: string): List<{ id: string }> {
  const session = requireSession(ctx, sessionId)
  const data = requireOrder(ctx, sessionId).items.map((item) => {
    const price = requirePrice(ctx, item.price)
    const { quantity } = item
    const currency = session.currency ?? price.currency
    const amount = session.amount_total === 0 ? 0 : priceAmount(ctx, price, { quantity, currency })
    const due = item.amounts ?? { subtotal: amount, discount: 0, tax: 0, total: amount }
    return {
      id: item.id,
      object: 'item',
      adjustable_quantity: item.adjustable ?? null,
      amount_discount: due.discount,
      amount_subtotal: due.subtotal,
      amount_tax: due.tax,
      amount_total: due.total,
      currency,
      description: ctx.store.get('products', price.product)?.name ?? null,
      metadata: item.metadata ?? {},
      price,
      quantity,
    }
  })
  return {
    object: 'list',
    data,
    has_more: false,
    url: `/v1/checkout/sessions/${sessionId}/line_items`,
  }
}
