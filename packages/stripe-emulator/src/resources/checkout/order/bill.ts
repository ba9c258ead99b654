import type { Context } from '../../../core/context.ts'
import type {
  CheckoutOrder,
  CheckoutOrderItem,
  CheckoutSession,
  Customer,
  Invoice,
  InvoiceItem,
  InvoiceLine,
} from '../../../documents.ts'
import { amountsIn, priceAmount, pricingOf } from '../../catalog/amount.ts'
import { requirePrice } from '../../catalog/price.ts'
import { createInvoice } from '../../invoices/invoice.ts'
import { createInvoiceItem } from '../../invoices/items/invoice-item.ts'
import type { CreatedSubscription } from '../../subscriptions/create.ts'
import { createSubscription } from '../../subscriptions/create.ts'
import type { SubscriptionOrder } from '../../subscriptions/first-period/order.ts'
import { changedInvoiceSettings } from '../../subscriptions/requests/settings-params.ts'
import { NEW_SETTINGS } from '../../subscriptions/subscription.ts'
import { automaticTax } from '../../tax/automatic.ts'
import { newTaxRates } from '../../tax/rates/tax-rate.ts'
import { redeemable } from './session-discounts.ts'

const DAY = 86_400

/** The invoice for an order, and which of its lines are for which item of the order: by the id of that item. */
export interface Bill {
  /** null: nothing is invoiced now. */
  invoice: Invoice | null
  linesOf: ReadonlyMap<string, InvoiceLine[]>
}

/** How the buyer pays for a subscription. */
type Payment = Pick<SubscriptionOrder, 'authenticated' | 'payWith' | 'paymentBehavior'>

/**
 * Starts the subscription of an order: its recurring prices are its items, its one-time prices are on the first
 * invoice only. The payment can fail as `createSubscription` says.
 */
export function startSubscription(
  ctx: Context,
  order: CheckoutOrder,
  by: Payment & { customer: Customer; session: CheckoutSession },
): CreatedSubscription & { bill: Bill } {
  const { customer, session, ...payment } = by
  const currency = session.currency ?? ''
  const isRecurring = ({ price }: CheckoutOrderItem) => requirePrice(ctx, price).recurring !== null
  const recurring = order.items.filter(isRecurring)
  const once = order.items.filter((item) => !isRecurring(item))
  const added = once.map(
    (item) => [item.id, addInvoiceItem(ctx, item, { customer, currency }).id] as const,
  )
  const created = createSubscription(ctx, {
    ...payment,
    customer,
    currency,
    items: recurring.map((item) => ({
      price: requirePrice(ctx, item.price),
      quantity: item.quantity,
      metadata: item.metadata ?? {},
      taxRates: newTaxRates(ctx, item.taxRates, 'tax_rates'),
    })),
    trialEnd: trialEnd(ctx, customer, order),
    anchor: order.anchor ?? null,
    prorate: order.prorate ?? true,
    discounts: redeemable(session),
    cancelAt: null,
    fields: {
      automatic_tax: automaticTax({ enabled: session.automatic_tax.enabled }),
      default_tax_rates: newTaxRates(ctx, order.defaultTaxRates, 'default_tax_rates'),
      invoice_settings: changedInvoiceSettings(
        NEW_SETTINGS.invoice_settings,
        order.invoiceSettings ?? {},
      ),
      metadata: order.subscriptionMetadata,
      description: order.subscriptionDescription,
      trial_settings: {
        end_behavior: {
          billing_cycle_anchor: null,
          missing_payment_method: order.missingPaymentMethod,
        },
      },
    },
    announce: 'before_payment',
  })
  const subscribed = recurring.map(
    ({ id }, index) => [id, created.subscription.items.data[index]?.id ?? ''] as const,
  )
  return { ...created, bill: billOf(created.invoice, [...added, ...subscribed]) }
}

function trialEnd(ctx: Context, customer: Customer, order: CheckoutOrder): number | null {
  if (order.trialEnd !== null) return order.trialEnd
  if (order.trialPeriodDays === null) return null
  return ctx.timeOf(customer.test_clock) + order.trialPeriodDays * DAY
}

function addInvoiceItem(
  ctx: Context,
  item: CheckoutOrderItem,
  { customer, currency }: { customer: Customer; currency: string },
): InvoiceItem {
  const price = requirePrice(ctx, item.price)
  const now = ctx.timeOf(customer.test_clock)
  return createInvoiceItem(ctx, {
    customer: customer.id,
    amount: priceAmount(ctx, price, { quantity: item.quantity, currency }),
    currency,
    description: ctx.store.get('products', price.product)?.name ?? null,
    period: { start: now, end: now },
    quantity: item.quantity,
    proration: false,
    pricing: pricingOf(price, amountsIn(ctx, price, currency).unit_amount_decimal),
    parent: null,
    credited: null,
    metadata: item.metadata ?? {},
    taxRates: newTaxRates(ctx, item.taxRates, 'tax_rates'),
  })
}

/**
 * The draft of the invoice for an order in payment mode, with what `invoice_creation` says about it. `discounts`: the
 * ids of those that were redeemed; the customer's own one does not apply to a payment.
 */
export function draftInvoice(
  ctx: Context,
  of: { session: CheckoutSession; order: CheckoutOrder; customer: Customer; discounts: string[] },
): Bill & { invoice: Invoice } {
  const { session, order, customer, discounts } = of
  const currency = session.currency ?? ''
  const added = order.items.map((item) => ({
    item,
    made: addInvoiceItem(ctx, item, { customer, currency }),
  }))
  const now = ctx.timeOf(customer.test_clock)
  const data = session.invoice_creation?.invoice_data
  const draft = createInvoice(ctx, {
    customer,
    subscription: null,
    reason: 'manual',
    items: added.map(({ made }) => made),
    lines: [],
    discounts,
    tax: { automatic: { enabled: session.automatic_tax.enabled } },
    period: { start: now, end: now },
    currency,
    collectionMethod: 'charge_automatically',
    daysUntilDue: null,
    finalizesAt: null,
    description: data?.description ?? null,
    metadata: data?.metadata ?? {},
  })
  const invoice = ctx.patch('invoices', draft.id, {
    custom_fields: data?.custom_fields ?? null,
    footer: data?.footer ?? null,
    rendering: renderingOf(data?.rendering_options ?? null),
  })
  const made = added.map(({ item, made: source }) => [item.id, source.id] as const)
  return { ...billOf(invoice, made), invoice }
}

type Options = NonNullable<CheckoutSession['invoice_creation']>['invoice_data']['rendering_options']

function renderingOf(options: Options): Invoice['rendering'] {
  if (options === null) return null
  const { amount_tax_display: display } = options
  return { amount_tax_display: display, pdf: null, template: null, template_version: null }
}

/** Finds the lines of each item by the invoice item or the subscription item that was made for it. */
function billOf(
  invoice: Invoice | null,
  made: readonly (readonly [item: string, made: string])[],
): Bill {
  const sourceOf = ({ parent }: InvoiceLine) =>
    parent?.invoice_item_details?.invoice_item ??
    parent?.subscription_item_details?.subscription_item
  const found = made.map(
    ([item, source]) =>
      [item, (invoice?.lines.data ?? []).filter((line) => sourceOf(line) === source)] as const,
  )
  return { invoice, linesOf: new Map(found) }
}
