import type { Store } from '../../../core/store/store.ts'
import type { Price } from '../../../documents.ts'
import { planOf } from '../../../resources/catalog/price.ts'
import type { FieldChange, Node } from '../change.ts'
import { idOf, isNode, nodeOf, nodesIn } from '../change.ts'
import { BASIL } from '../version.ts'

type Older = FieldChange['older']

const TAX_RATES = { inEntries: 'tax_rate', collection: 'tax_rates' } as const

const before = (
  object: string,
  field: string,
  row: Pick<FieldChange, 'how' | 'older' | 'expands'>,
): FieldChange => ({ since: BASIL, object, field, ...row })

const alwaysNull = (object: string, ...fields: string[]): FieldChange[] =>
  fields.map((field) =>
    before(object, field, { how: 'always null: not emulated', older: () => null }),
  )

/** The details of the subscription that an invoice belongs to. */
const detailsOf = (node: Node): Node => nodeOf(nodeOf(node['parent'])['subscription_details'])

/** The first payment of an invoice. */
function intentOf(node: Node, store: Store) {
  const [payment] = store.find('invoice_payments', { index: 'invoice', key: idOf(node['id']) })
  const id = payment?.payment.payment_intent
  return typeof id === 'string' ? store.get('payment_intents', id) : undefined
}

/** The tax amounts of an invoice or a line, in the older form. */
const taxAmounts =
  (field: string): Older =>
  (node) =>
    nodesIn(node[field]).map((tax) => ({
      amount: tax['amount'],
      inclusive: tax['tax_behavior'] === 'inclusive',
      tax_rate: nodeOf(tax['tax_rate_details'])['tax_rate'] ?? null,
      taxability_reason: tax['taxability_reason'],
      taxable_amount: tax['taxable_amount'],
    }))

function taxOf(node: Node): number | null {
  const taxes = nodesIn(node['total_taxes'])
  return taxes.length === 0 ? null : taxes.reduce((sum, tax) => sum + Number(tax['amount']), 0)
}

const invoiceRows = [
  before('invoice', 'subscription', {
    how: '`parent.subscription_details.subscription`',
    older: (node) => detailsOf(node)['subscription'] ?? null,
    expands: 'subscriptions',
  }),
  before('invoice', 'subscription_details', {
    how: '`metadata` of `parent.subscription_details`',
    older: (node) => ({ metadata: detailsOf(node)['metadata'] ?? null }),
  }),
  before('invoice', 'payment_intent', {
    how: 'the payment intent of the first of `payments`',
    older: (node, store) => intentOf(node, store)?.id ?? null,
    expands: 'payment_intents',
  }),
  before('invoice', 'charge', {
    how: 'the latest charge of the payment intent',
    older: (node, store) => intentOf(node, store)?.latest_charge ?? null,
    expands: 'charges',
  }),
  before('invoice', 'paid', {
    how: 'whether `status` is `paid`',
    older: (node) => node['status'] === 'paid',
  }),
  before('invoice', 'paid_out_of_band', {
    how: 'whether it is paid, something was due, and no payment of `payments` is paid',
    older: (node, store) =>
      node['status'] === 'paid' &&
      Number(node['amount_due']) > 0 &&
      store
        .find('invoice_payments', { index: 'invoice', key: idOf(node['id']) })
        .every((payment) => payment.status !== 'paid'),
  }),
  before('invoice', 'tax', { how: 'the sum of `total_taxes`; null: none', older: taxOf }),
  before('invoice', 'total_tax_amounts', {
    how: '`total_taxes`, with `inclusive` and `tax_rate` on each',
    older: taxAmounts('total_taxes'),
    expands: TAX_RATES,
  }),
  ...alwaysNull('invoice', 'application_fee_amount', 'quote', 'transfer_data'),
  {
    since: '2024-04-10',
    object: 'invoice',
    field: 'rendering_options',
    how: 'always null',
    older: () => null,
  },
]

/** What a line or an item was made from: the details of its parent. */
function parentOf(node: Node): Node {
  const parent = nodeOf(node['parent'])
  return nodeOf(parent['subscription_item_details'] ?? parent['invoice_item_details'])
}

/** The price of a line or of an invoice item. */
function priceOf(node: Node, store: Store): Price | null {
  const reference = nodeOf(nodeOf(node['pricing'])['price_details'])['price']
  return store.get('prices', idOf(reference)) ?? null
}

function planOfLine(node: Node, store: Store) {
  const price = priceOf(node, store)
  return price?.recurring ? planOf(price) : null
}

/** The tax rates that a line or an item was taxed with. */
function ratesOf(node: Node): unknown[] {
  return nodesIn(node['taxes']).flatMap((tax) => {
    const rate = nodeOf(tax['tax_rate_details'])['tax_rate']
    return rate === undefined ? [] : [rate]
  })
}

function withoutTax(node: Node): number {
  const included = nodesIn(node['taxes']).filter((tax) => tax['tax_behavior'] === 'inclusive')
  return included.reduce((sum, tax) => sum - Number(tax['amount']), Number(node['amount']))
}

const PRICED = {
  plan: { how: '`pricing.price_details.price` as a plan, where it recurs', older: planOfLine },
  price: {
    how: 'the object of `pricing.price_details.price`',
    older: (node: Node, store: Store) => priceOf(node, store),
  },
}

const lineRows = [
  before('line_item', 'price', PRICED.price),
  before('line_item', 'plan', PRICED.plan),
  before('line_item', 'proration', {
    how: '`proration` of the parent',
    older: (node) => parentOf(node)['proration'] ?? false,
  }),
  before('line_item', 'proration_details', {
    how: '`proration_details` of the parent',
    older: (node) => parentOf(node)['proration_details'] ?? { credited_items: null },
  }),
  before('line_item', 'subscription_item', {
    how: '`subscription_item` of the parent',
    older: (node) => parentOf(node)['subscription_item'],
  }),
  before('line_item', 'invoice_item', {
    how: '`invoice_item` of the parent',
    older: (node) => parentOf(node)['invoice_item'] ?? undefined,
  }),
  before('line_item', 'type', {
    how: '`subscription` or `invoiceitem`, by the parent',
    older: (node) =>
      isNode(nodeOf(node['parent'])['subscription_item_details']) &&
      parentOf(node)['invoice_item'] === null
        ? 'subscription'
        : 'invoiceitem',
  }),
  before('line_item', 'tax_amounts', {
    how: '`taxes`, with `inclusive` and `tax_rate` on each',
    older: taxAmounts('taxes'),
    expands: TAX_RATES,
  }),
  before('line_item', 'tax_rates', {
    how: 'the rates of `taxes`',
    older: (node, store) => ratesOf(node).map((rate) => store.get('tax_rates', idOf(rate)) ?? rate),
  }),
  before('line_item', 'amount_excluding_tax', {
    how: '`amount` without the inclusive taxes',
    older: withoutTax,
  }),
  before('line_item', 'unit_amount_excluding_tax', {
    how: '`amount_excluding_tax` of one unit',
    older: (node) => String(withoutTax(node) / (Number(node['quantity']) || 1)),
  }),
]

const itemRows = [
  before('invoiceitem', 'price', PRICED.price),
  before('invoiceitem', 'plan', PRICED.plan),
  before('invoiceitem', 'subscription', {
    how: '`parent.subscription_details.subscription`',
    older: (node) => detailsOf(node)['subscription'] ?? null,
    expands: 'subscriptions',
  }),
  before('invoiceitem', 'unit_amount', {
    how: 'the amount of one unit',
    older: (node) => unitAmount(node),
  }),
  before('invoiceitem', 'unit_amount_decimal', {
    how: 'the amount of one unit',
    older: (node) => String(unitAmount(node)),
  }),
]

function unitAmount(node: Node): number {
  return Number(node['amount']) / (Number(node['quantity']) || 1)
}

/** How invoices, their lines and invoice items are shown in older versions. */
export const invoicesRows: readonly FieldChange[] = [...invoiceRows, ...lineRows, ...itemRows]
