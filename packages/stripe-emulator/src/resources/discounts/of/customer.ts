import type { Context } from '../../../core/context.ts'
import type { Customer } from '../../../documents.ts'
import { changesBetween } from '../../events/changes.ts'
import { endDiscount } from '../end.ts'
import type { DiscountParam } from '../redeem/discount-params.ts'
import { redeemAll } from '../redeem/redeem.ts'

/**
 * Gives a customer a discount, or takes it off (null). A customer has one at most: another one replaces it. Only API
 * versions before 2025-03-31, and Stripe's dashboard, can do this.
 */
export function setCustomerDiscount(
  ctx: Context,
  customer: Customer,
  param: DiscountParam | null,
): Customer {
  const before = customer.discount ?? null
  if (param === null) {
    if (before !== null) endDiscount(ctx, before.id)
    return { ...customer, discount: null }
  }
  const [id = ''] = redeemAll(ctx, [param], {
    param: '',
    customer,
    currency: customer.currency ?? null,
    amount: null,
    owner: {},
    reusable: [],
  })
  const discount = ctx.store.get('discounts', id)
  if (discount === undefined) throw new Error(`${id} was not created`)
  const after = ctx.patch('customers', customer.id, { discount })
  if (before === null) ctx.emit('customer.discount.created', discount)
  else ctx.emit('customer.discount.updated', discount, changesBetween(before, discount))
  return after
}
