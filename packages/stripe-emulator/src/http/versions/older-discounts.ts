import type { Store } from '../../core/store.ts'

type Node = Record<string, unknown>

/** A discount and a promotion code held their coupon directly (changelog of the `stripe` package, 19.0.0). */
export function withCoupon(node: Node, store: Store): Node {
  const { source, promotion, ...rest } = node
  const id = Object(source ?? promotion)['coupon']
  return { ...rest, coupon: typeof id === 'string' ? couponIn(store, id) : (id ?? null) }
}

function couponIn(store: Store, id: string): unknown {
  return store.get('coupons', id) ?? store.get('deleted_coupons', id) ?? id
}

/** A subscription and an invoice had one `discount` beside the list (changelog of the `stripe` package, 18.0.0). */
export function withDiscount(node: Node, store: Store): Node {
  const [first] = Array.isArray(node['discounts']) ? node['discounts'] : []
  const discount = typeof first === 'string' ? store.get('discounts', first) : undefined
  const shown = discount === undefined ? (first ?? null) : withCoupon({ ...discount }, store)
  return { ...node, discount: shown }
}
