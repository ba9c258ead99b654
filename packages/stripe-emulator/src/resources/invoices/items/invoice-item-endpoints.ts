import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch } from '../../../core/errors.ts'
import type { InvoiceItem } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { inRange, listFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  boolean,
  ignored,
  integer,
  required,
  text,
  timestamp,
  unsupported,
  unsupportedParams,
} from '../../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../../http/params/shape.ts'
import { priceAmount } from '../../catalog/amount.ts'
import { requirePrice } from '../../catalog/price.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { discountsParam } from '../../discounts/discount-params.ts'
import { discountInvoiceItem } from '../../discounts/of-invoice.ts'
import { lineList, requireInvoice } from '../invoice.ts'
import { invoiceItemLine } from '../line.ts'
import { withTotals } from '../totals.ts'
import { createInvoiceItem } from './invoice-item.ts'

const createParams = shape({
  ...unsupportedParams(
    'customer_account',
    'price_data',
    'quantity_decimal',
    'tax_rates',
    'unit_amount_decimal',
  ),
  tax_behavior: ignored,
  tax_code: ignored,
  amount: integer(),
  currency: text,
  customer: required(text),
  description: text,
  discountable: boolean,
  discounts: discountsParam,
  invoice: text,
  metadata,
  period: shape({ start: required(timestamp), end: required(timestamp) }),
  price: text,
  pricing: shape({ price: required(text) }),
  quantity: integer({ min: 0 }),
  subscription: text,
})

const listParams = shape({
  ...listFields,
  customer_account: unsupported,
  customer: text,
  invoice: text,
  pending: boolean,
})

export const invoiceItemEndpoints = [
  endpoint('POST /v1/invoiceitems', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/invoiceitems', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/invoiceitems/:id', shape({}), (ctx, { id }) => requireItem(ctx, id)),
  endpoint('DELETE /v1/invoiceitems/:id', shape({}), (ctx, { id }) => remove(ctx, id)),
]

function create(ctx: Context, params: ValueOf<typeof createParams>): object {
  const customer = requireCustomer(ctx, params.customer, 'customer')
  const priceId = params.pricing?.price ?? params.price
  const price = priceId === undefined ? null : requirePrice(ctx, priceId, 'price')
  const quantity = params.quantity ?? 1
  const amount = price === null ? params.amount : priceAmount(price, quantity)
  if (amount === undefined) {
    throw invalidRequest('Missing required param: amount.', {
      code: 'parameter_missing',
      param: 'amount',
    })
  }
  const now = ctx.timeOf(customer.test_clock)
  const created = createInvoiceItem(ctx, {
    customer: customer.id,
    amount,
    currency: price?.currency ?? params.currency ?? 'usd',
    description: params.description ?? null,
    period: params.period ?? { start: now, end: now },
    quantity,
    proration: false,
    discountable: params.discountable,
    pricing:
      price === null
        ? null
        : {
            price_details: { price: price.id, product: price.product },
            type: 'price_details',
            unit_amount_decimal: price.unit_amount_decimal,
          },
    parent:
      params.subscription === undefined
        ? null
        : {
            subscription_details: { subscription: params.subscription },
            type: 'subscription_details',
          },
    credited: null,
    metadata: changeMetadata({}, params.metadata),
  })
  const item = params.discounts ? discountInvoiceItem(ctx, created, params.discounts) : created
  return params.invoice === undefined ? item : addToDraft(ctx, item, params.invoice)
}

function addToDraft(ctx: Context, item: InvoiceItem, invoiceId: string): InvoiceItem {
  const invoice = requireInvoice(ctx, invoiceId, 'invoice')
  if (invoice.status !== 'draft') {
    throw invalidRequest("This invoice is no longer editable because it isn't a draft.", {
      code: 'invoice_not_editable',
      param: 'invoice',
    })
  }
  const lines = [...invoice.lines.data, invoiceItemLine(item)]
  ctx.store.put('invoices', withTotals(ctx, { ...invoice, lines: lineList(invoiceId, lines) }))
  return ctx.patch('invoice_items', item.id, { invoice: invoiceId })
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const docs = ctx.store
    .newest('invoice_items')
    .filter(
      (item) =>
        (params.customer === undefined || item.customer === params.customer) &&
        (params.invoice === undefined || item.invoice === params.invoice) &&
        (params.pending === undefined || (item.invoice === null) === params.pending) &&
        inRange(item.date, params.created),
    )
  return listPage(docs, params, '/v1/invoiceitems')
}

function requireItem(ctx: Context, id: string): InvoiceItem {
  const item = ctx.store.get('invoice_items', id)
  if (item === undefined) throw noSuch('invoiceitem', id)
  return item
}

function remove(ctx: Context, id: string): object {
  const item = requireItem(ctx, id)
  if (item.invoice !== null) {
    throw invalidRequest('Invoice items attached to an invoice cannot be deleted.', {
      code: 'invoice_not_editable',
    })
  }
  ctx.store.remove('invoice_items', id)
  ctx.emit('invoiceitem.deleted', item)
  return { id, object: 'invoiceitem', deleted: true }
}
