import { ACCOUNT } from '../../../core/account.ts'
import type { Context } from '../../../core/context.ts'
import { invalidRequest, StripeError } from '../../../core/errors.ts'
import type { InvoiceItem } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { currencyParam } from '../../../http/params/currency.ts'
import { decimal } from '../../../http/params/decimal.ts'
import { inRange, listFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  boolean,
  emptyable,
  integer,
  oneOf,
  required,
  text,
  unsupported,
  unsupportedParams,
} from '../../../http/params/param.ts'
import { periodParam } from '../../../http/params/period.ts'
import { changeMetadata, listOf, metadata, shape } from '../../../http/params/shape.ts'
import { oneTimePriceData } from '../../catalog/inline-price.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { requireOneCurrency } from '../../customers/lasting-currency.ts'
import { discountInvoiceItem } from '../../discounts/of/invoice.ts'
import { discountsParam } from '../../discounts/redeem/discount-params.ts'
import { requireSubscription } from '../../subscriptions/subscription.ts'
import { newTaxRates } from '../../tax/rates/tax-rate.ts'
import { requireDraft } from '../draft/change-draft.ts'
import { addLines, dropLines, refreshLines } from '../draft/lines.ts'
import { requireInvoice } from '../invoice.ts'
import { changeItem } from './change-item.ts'
import { createInvoiceItem } from './invoice-item.ts'
import { itemCost } from './item-pricing.ts'

const createParams = shape({
  ...unsupportedParams('customer_account', 'quantity_decimal'),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  tax_rates: listOf(text),
  tax_code: unsupported,
  amount: integer(),
  currency: currencyParam,
  customer: required(text),
  description: text,
  discountable: boolean,
  discounts: discountsParam,
  invoice: text,
  metadata,
  period: periodParam,
  price: text,
  price_data: oneTimePriceData,
  pricing: shape({ price: required(text) }),
  quantity: integer({ min: 0 }),
  subscription: text,
  unit_amount_decimal: decimal({ negative: true }),
})

const updateParams = shape({
  ...unsupportedParams(
    'discounts',
    'invoicing_rules',
    'quantity_decimal',
    'tax_behavior',
    'tax_code',
    'tax_rates',
  ),
  amount: integer(),
  description: emptyable(text),
  discountable: boolean,
  metadata,
  period: periodParam,
  price_data: oneTimePriceData,
  pricing: shape({ price: required(text) }),
  quantity: integer({ min: 0 }),
  unit_amount_decimal: decimal({ negative: true }),
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
  endpoint('POST /v1/invoiceitems/:id', updateParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
  endpoint('GET /v1/invoiceitems/:id', shape({}), (ctx, { id }) => requireItem(ctx, id)),
  endpoint('DELETE /v1/invoiceitems/:id', shape({}), (ctx, { id }) => remove(ctx, id)),
]

function create(ctx: Context, params: ValueOf<typeof createParams>): object {
  const customer = requireCustomer(ctx, params.customer, 'customer')
  const costs = { ...params, price: params.pricing?.price ?? params.price }
  const cost = itemCost(ctx, costs, {
    currency: customer.currency ?? ACCOUNT.currency,
    priceParam: params.pricing === undefined ? 'price' : 'pricing[price]',
  })
  requireOneCurrency(ctx, customer.id, cost.currency)
  if (params.subscription !== undefined) {
    requireSubscription(ctx, params.subscription, 'subscription')
  }
  const now = ctx.timeOf(customer.test_clock)
  const created = createInvoiceItem(ctx, {
    ...cost,
    customer: customer.id,
    description: params.description ?? cost.description,
    period: params.period ?? { start: now, end: now },
    proration: false,
    discountable: params.discountable,
    parent:
      params.subscription === undefined
        ? null
        : {
            subscription_details: { subscription: params.subscription },
            type: 'subscription_details',
          },
    credited: null,
    metadata: changeMetadata({}, params.metadata),
    taxRates: newTaxRates(ctx, params.tax_rates, 'tax_rates'),
    taxBehavior: params.tax_behavior === 'unspecified' ? null : (params.tax_behavior ?? null),
  })
  const item = params.discounts
    ? discountInvoiceItem(ctx, created, { wanted: params.discounts })
    : created
  return params.invoice === undefined ? item : addToDraft(ctx, item, params.invoice)
}

function addToDraft(ctx: Context, item: InvoiceItem, invoiceId: string): InvoiceItem {
  const invoice = requireInvoice(ctx, invoiceId, 'invoice')
  if (invoice.customer !== item.customer) {
    throw invalidRequest(
      `The customer \`${item.customer}\` does not match the customer of the invoice.`,
      { param: 'invoice' },
    )
  }
  requireDraft(invoice)
  if (invoice.currency !== item.currency) {
    throw invalidRequest(
      `The price specified only supports \`${item.currency}\`. This doesn't match the invoice's currency: \`${invoice.currency}\`.`,
      { param: 'currency' },
    )
  }
  addLines(ctx, invoice, [item])
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
  if (item !== undefined) return item
  throw new StripeError(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such Invoice Item: '${id}'(livemode=false)`,
    param: 'id',
  })
}

/** Changes an item that is pending, or on a draft, whose line changes with it. */
function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): InvoiceItem {
  const before = requireItem(ctx, id)
  const invoice = before.invoice === null ? null : ctx.store.get('invoices', before.invoice)
  if (invoice !== null && invoice?.status !== 'draft') {
    throw invalidRequest('This invoice item has been deleted.')
  }
  const after = changeItem(ctx, before, { change: params, nameOf: (name) => name })
  if (invoice !== null) refreshLines(ctx, invoice, [after])
  return after
}

/** Deletes an item, and its line where it is on a draft. */
function remove(ctx: Context, id: string): object {
  const item = requireItem(ctx, id)
  const invoice = item.invoice === null ? null : ctx.store.get('invoices', item.invoice)
  if (invoice !== null && invoice?.status !== 'draft') {
    throw invalidRequest(
      "Can't delete an invoice item that is attached to an invoice that is no longer editable",
    )
  }
  if (invoice !== null) dropLines(ctx, invoice, [item])
  ctx.store.remove('invoice_items', id)
  ctx.emit('invoiceitem.deleted', item)
  return { id, object: 'invoiceitem', deleted: true }
}
