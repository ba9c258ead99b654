import type { Context } from '../../core/context.ts'
import type { Discount, Invoice, Subscription } from '../../documents.ts'
import { changesBetween } from '../events/changes.ts'
import { isOnce, takesOff } from './active.ts'
import { isLasting } from './redeem/redeem.ts'

/** Ends a discount: takes it off its object, and sends `customer.discount.deleted`. Safe to repeat. */
export function endDiscount(ctx: Context, id: string): void {
  const discount = ctx.store.get('discounts', id)
  if (discount === undefined) return
  const before = ctx.store.get('subscriptions', discount.subscription ?? '')
  if (!detach(ctx, discount)) return
  ctx.emit('customer.discount.deleted', discount)
  const after = ctx.store.get('subscriptions', discount.subscription ?? '')
  if (before === undefined || after === undefined) return
  ctx.emit('customer.subscription.updated', after, changesBetween(before, after))
}

/** Takes a discount off its subscription, item or customer. False: it was on none. */
function detach(ctx: Context, discount: Discount): boolean {
  const subscription = ctx.store.get('subscriptions', discount.subscription ?? '')
  if (subscription !== undefined) return detachFromSubscription(ctx, subscription, discount.id)
  const customer = ctx.store.get('customers', discount.customer ?? '')
  if (customer === undefined || customer.discount?.id !== discount.id) return false
  ctx.patch('customers', customer.id, { discount: null })
  return true
}

function detachFromSubscription(ctx: Context, before: Subscription, id: string): boolean {
  const without = (ids: readonly string[]) => ids.filter((one) => one !== id)
  const has = (ids: readonly string[]) => ids.includes(id)
  const isThere = has(before.discounts) || before.items.data.some(({ discounts }) => has(discounts))
  if (!isThere) return false
  const data = before.items.data.map((item) => ({ ...item, discounts: without(item.discounts) }))
  ctx.patch('subscriptions', before.id, {
    discounts: without(before.discounts),
    items: { ...before.items, data },
  })
  return true
}

/** Takes the discounts for one invoice that this invoice has used up off their objects. */
export function dropUsedDiscounts(ctx: Context, invoice: Invoice): void {
  for (const { amount, discount: id } of invoice.total_discount_amounts ?? []) {
    const discount = ctx.store.get('discounts', id)
    if (amount === 0 || discount === undefined || !takesOff(invoice, id)) continue
    if (!isLasting(discount) || !isOnce(ctx, discount)) continue
    if (detach(ctx, discount)) ctx.emit('customer.discount.deleted', discount)
  }
}
