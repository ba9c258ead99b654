import type { Context } from '../../core/context.ts'
import { StripeError } from '../../core/errors.ts'
import { endpoint } from '../../http/endpoint.ts'
import { shape } from '../../http/params/shape.ts'
import { requireCustomer } from '../customers/customer.ts'
import { requireSubscription } from '../subscriptions/subscription.ts'
import { endDiscount } from './end.ts'

export const discountEndpoints = [
  endpoint('DELETE /v1/customers/:id/discount', shape({}), (ctx, { id }) => {
    const { discount } = requireCustomer(ctx, id)
    return remove(ctx, discount ? [discount.id] : [], `customer: ${id}`)
  }),
  endpoint('DELETE /v1/subscriptions/:id/discount', shape({}), (ctx, { id }) => {
    const subscription = requireSubscription(ctx, id)
    const about = `subscription ${id} on customer ${subscription.customer}`
    return remove(ctx, subscription.discounts, about)
  }),
]

/** Removes the discounts of an object, and returns the last one as deleted. Throws 404 where there is none. */
function remove(ctx: Context, ids: readonly string[], about: string): object {
  const [last] = ids.slice(-1)
  const discount = ctx.store.get('discounts', last ?? '')
  if (discount === undefined) {
    throw new StripeError(404, {
      type: 'invalid_request_error',
      code: 'resource_missing',
      message: `No active discount for ${about}`,
    })
  }
  for (const id of ids) endDiscount(ctx, id)
  const { end: _end, ...rest } = discount
  return { ...rest, deleted: true }
}
