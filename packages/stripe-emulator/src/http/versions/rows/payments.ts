import type { Store } from '../../../core/store/store.ts'
import type { FieldChange, Node } from '../change.ts'
import { idOf, nodeOf } from '../change.ts'
import { BASIL, DAHLIA } from '../version.ts'

/** The invoice that a payment intent or a charge pays. */
const invoiceOf = (node: Node, store: Store): string | null => {
  const intent = node['object'] === 'charge' ? node['payment_intent'] : node['id']
  const [payment] = store.find('invoice_payments', { index: 'payment_intent', key: idOf(intent) })
  return payment?.invoice ?? null
}

const list = (documents: Iterable<object>, url: string) => {
  const data = [...documents]
  return {
    object: 'list',
    data,
    has_more: false,
    total_count: data.length,
    url,
  }
}

const OLDER_UI_MODES: Readonly<Record<string, string>> = {
  hosted_page: 'hosted',
  embedded_page: 'embedded',
  elements: 'custom',
}

/** How payments and Checkout sessions are shown in older versions. */
export const paymentRows: readonly FieldChange[] = [
  ...['charge', 'payment_intent'].map(
    (object): FieldChange => ({
      since: BASIL,
      object,
      field: 'invoice',
      how: 'the invoice of the invoice payment',
      older: invoiceOf,
      expands: 'invoices',
    }),
  ),
  {
    since: '2022-11-15',
    object: 'payment_intent',
    field: 'charges',
    how: 'the list of its charges, newest first',
    older: (node, store) =>
      list(
        store.newest('charges').filter((charge) => charge.payment_intent === node['id']),
        `/v1/charges?payment_intent=${idOf(node['id'])}`,
      ),
  },
  {
    since: '2022-11-15',
    object: 'charge',
    field: 'refunds',
    how: 'the list of its refunds, without `expand`',
    older: (node, store) =>
      node['refunds'] ??
      list(
        store.newest('refunds').filter((refund) => refund.charge === node['id']),
        `/v1/charges/${idOf(node['id'])}/refunds`,
      ),
  },
  {
    since: DAHLIA,
    object: 'checkout.session',
    field: 'ui_mode',
    how: '`hosted`, `embedded`, `custom` for `hosted_page`, `embedded_page`, `elements`',
    older: (node) => OLDER_UI_MODES[String(node['ui_mode'])] ?? node['ui_mode'],
  },
  {
    since: BASIL,
    object: 'checkout.session',
    field: 'shipping_details',
    how: '`collected_information.shipping_details`',
    older: (node) => nodeOf(node['collected_information'])['shipping_details'] ?? null,
  },
]
