import type Stripe from 'stripe'
import type { Context } from '../../context.ts'
import { idOf, isForbidden } from '../../stripe/index.ts'
import { hasEnded } from '../../subscriptions/index.ts'

/** A discount of a subscription, with its coupon. */
export interface Discount {
  coupon: Stripe.Coupon
  /** Stripe's seconds; null: it does not end by itself. */
  end: number | null
}

/** Of each subscription, the discounts of its items by the items' ids, and its own by its own id. */
export type Discounts = ReadonlyMap<string, readonly Discount[]>

/**
 * The discounts of the subscriptions that have not ended. Only revenue is counted with them, so where Stripe refuses the
 * key to read them there are none.
 */
export async function fetchDiscounts(
  ctx: Pick<Context, 'log'>,
  stripe: Stripe,
  subscriptions: readonly Stripe.Subscription[],
): Promise<Discounts> {
  const discounted = subscriptions.filter(({ status, discounts, items }) => {
    const ofItems = items.data.flatMap((item) => item.discounts)
    return !hasEnded(status) && discounts.length + ofItems.length > 0
  })
  try {
    const lists = await Promise.all(discounted.map(({ id }) => discountsOf(stripe, id)))
    return new Map(lists.flat())
  } catch (error) {
    if (!isForbidden(error)) throw error
    ctx.log.warn({ err: error }, 'discounts can not be read; revenue is counted without them')
    return new Map()
  }
}

async function discountsOf(
  stripe: Stripe,
  id: string,
): Promise<(readonly [string, readonly Discount[]])[]> {
  const found = await stripe.subscriptions.retrieve(id, {
    expand: ['discounts', 'items.data.discounts'],
  })
  const lists = [found, ...found.items.data].map(async ({ id: of, discounts }) => {
    const all = await Promise.all(discounts.map((each) => toDiscount(stripe, each)))
    return [of, all.flat()] as const
  })
  return Promise.all(lists)
}

/** An expansion does not reach as far as a coupon's currencies (docs/stripe.md, fact 36). */
async function toDiscount(stripe: Stripe, discount: string | Stripe.Discount): Promise<Discount[]> {
  const couponId = typeof discount === 'string' ? null : idOf(discount.source.coupon)
  if (typeof discount === 'string' || couponId === null) return []
  const expand = ['currency_options', 'applies_to']
  return [{ coupon: await stripe.coupons.retrieve(couponId, { expand }), end: discount.end }]
}
