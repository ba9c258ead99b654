import type { Store } from '../../core/store.ts'
import { planOf } from '../../resources/catalog/price.ts'
import { withCoupon, withDiscount } from './older-discounts.ts'

export type Node = Record<string, unknown>

/** How an object is rendered in API versions before a day. */
export interface OlderResponse {
  before: string
  object: string
  apply: (node: Node, store: Store) => Node
}

const BASIL = '2025-03-31'
const CLOVER = '2025-09-30'
const DAHLIA = '2026-03-25'

const HOSTED: Readonly<Record<string, string>> = {
  hosted_page: 'hosted',
  embedded_page: 'embedded',
}

/** The changes of responses between API versions, as far as they are emulated. */
export const olderResponses: readonly OlderResponse[] = [
  { before: CLOVER, object: 'discount', apply: withCoupon },
  { before: CLOVER, object: 'promotion_code', apply: withCoupon },
  { before: BASIL, object: 'subscription', apply: withDiscount },
  { before: BASIL, object: 'invoice', apply: withDiscount },
  { before: BASIL, object: 'subscription', apply: subscription },
  { before: BASIL, object: 'invoice', apply: invoice },
  { before: BASIL, object: 'line_item', apply: line },
  { before: BASIL, object: 'charge', apply: withInvoice },
  { before: BASIL, object: 'payment_intent', apply: withInvoice },
  {
    before: DAHLIA,
    object: 'checkout.session',
    apply: (node) => ({
      ...node,
      ui_mode: HOSTED[String(node['ui_mode'])] ?? node['ui_mode'],
    }),
  },
]

/** The period was on the subscription; all items had the same (docs/stripe.md, what changed lately). */
function subscription(node: Node): Node {
  const items = nodesIn(node['items'])
  const times = (name: string) => items.map((item) => Number(item[name]))
  const data = items.map(
    ({ current_period_start: _start, current_period_end: _end, ...item }) => item,
  )
  return {
    ...node,
    current_period_end: Math.min(...times('current_period_end')),
    current_period_start: Math.min(...times('current_period_start')),
    items: { ...Object(node['items']), data },
  }
}

function nodesIn(list: unknown): Node[] {
  const data = isNode(list) ? list['data'] : undefined
  return Array.isArray(data) ? data.filter(isNode) : []
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The subscription and the payment were fields of the invoice (docs/stripe.md, what changed lately). */
function invoice(node: Node, store: Store): Node {
  const { parent, payments: _payments, ...rest } = node
  const details = isNode(parent) ? parent['subscription_details'] : null
  const byParent = isNode(details) ? details : { metadata: null, subscription: null }
  return {
    ...paymentOf(store, node['id']),
    paid: node['status'] === 'paid',
    paid_out_of_band: false,
    subscription: byParent['subscription'],
    subscription_details: { metadata: byParent['metadata'] },
    ...rest,
  }
}

/** The ids of the payment of an invoice. */
function paymentOf(store: Store, invoice: unknown) {
  const [payment] = store.find('invoice_payments', { index: 'invoice', key: String(invoice) })
  const id = payment?.payment.payment_intent
  const intent = typeof id === 'string' ? store.get('payment_intents', id) : undefined
  return { payment_intent: intent?.id ?? null, charge: intent?.latest_charge ?? null }
}

/** A line held its price and its subscription item directly (docs/stripe.md, what changed lately). */
function line(node: Node, store: Store): Node {
  const { parent, pricing, ...rest } = node
  const details = Object(
    Object(parent)['subscription_item_details'] ?? Object(parent)['invoice_item_details'],
  )
  const id = Object(Object(pricing)['price_details'])['price']
  const price = typeof id === 'string' ? (store.get('prices', id) ?? null) : (id ?? null)
  return {
    ...rest,
    invoice_item: details['invoice_item'],
    plan: isNode(price) && price['recurring'] ? planOf(price as never) : null,
    price,
    proration: details['proration'] ?? false,
    proration_details: details['proration_details'] ?? { credited_items: null },
    subscription_item: details['subscription_item'],
    type: Object(parent)['type'] === 'subscription_item_details' ? 'subscription' : 'invoiceitem',
  }
}

/** Payments named their invoice (changelog of the `stripe` package, 18.0.0). */
function withInvoice(node: Node, store: Store): Node {
  const intent = node['object'] === 'charge' ? node['payment_intent'] : node['id']
  const key = String(isNode(intent) ? intent['id'] : intent)
  const [payment] = store.find('invoice_payments', { index: 'payment_intent', key })
  return { invoice: payment?.invoice ?? null, ...node }
}
