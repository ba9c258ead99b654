import type { Context } from '../../core/context.ts'
import type { List } from '../../documents.ts'
import { priceAmount } from '../catalog/amount.ts'
import { requirePrice } from '../catalog/price.ts'
import { requireOrder, requireSession } from './session.ts'

/** The line items of a session. */
export function lineItems(ctx: Context, sessionId: string): List<{ id: string }> {
  const session = requireSession(ctx, sessionId)
  const isTrial = session.amount_total === 0
  const data = requireOrder(ctx, sessionId).items.map(({ id, price: priceId, quantity }) => {
    const price = requirePrice(ctx, priceId)
    const currency = session.currency ?? price.currency
    const amount = isTrial ? 0 : priceAmount(ctx, price, { quantity, currency })
    return {
      id,
      object: 'item',
      adjustable_quantity: null,
      amount_discount: 0,
      amount_subtotal: amount,
      amount_tax: 0,
      amount_total: amount,
      currency,
      description: ctx.store.get('products', price.product)?.name ?? null,
      metadata: {},
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
