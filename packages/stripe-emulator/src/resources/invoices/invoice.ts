import { ACCOUNT } from '../../core/account.ts'
import type { Context } from '../../core/context.ts'
import { noSuch } from '../../core/errors.ts'
import { longId } from '../../core/ids.ts'
import type {
  Customer,
  Invoice,
  InvoiceItem,
  InvoiceLine,
  Subscription,
  TaxRate,
} from '../../documents.ts'
import { customerDiscounts, subscriptionDiscounts } from '../discounts/active.ts'
import { dropUsedDiscounts } from '../discounts/end.ts'
import { settingsForInvoice } from '../subscriptions/requests/settings-params.ts'
import type { AutomaticTaxChange } from '../tax/automatic.ts'
import { checkInvoiceBehaviors } from '../tax/behavior.ts'
import { taxIdsOf } from '../tax/ids/tax-id.ts'
import { invoiceTax } from '../tax/requests/invoice-taxes.ts'
import type { Period } from './line.ts'
import { invoiceItemLine } from './line.ts'
import { NO_TOTALS, withTotals } from './totals.ts'

/** The values of a new draft invoice. */
export interface InvoiceOrder {
  customer: Customer
  subscription: Subscription | null
  reason: 'manual' | 'subscription_create' | 'subscription_cycle' | 'subscription_update'
  lines: InvoiceLine[]
  /** Pending items to include; each becomes a line, before `lines`. */
  items: InvoiceItem[]
  /** The discounts of the invoice; undefined: those of its subscription or its customer. */
  discounts?: string[] | undefined
  period: Period
  currency: string
  collectionMethod: 'charge_automatically' | 'send_invoice'
  daysUntilDue: number | null
  /** When it is finalized automatically; null: never. */
  finalizesAt: number | null
  description: string | null
  metadata: Record<string, string>
  /** Its taxes, where they are not those of its subscription. */
  tax?: { rates?: TaxRate[] | undefined; automatic?: AutomaticTaxChange | undefined }
}

/** An invoice. Throws 404, or 400 where `param` names it. */
export function requireInvoice(ctx: Context, id: string, param?: string): Invoice {
  const invoice = ctx.store.get('invoices', id)
  if (invoice === undefined) throw noSuch('invoice', id, param)
  return invoice
}

/** The id of the subscription of an invoice; null: none. */
export function subscriptionOf(invoice: Invoice): string | null {
  return invoice.parent?.subscription_details?.subscription ?? null
}

/** The list of lines of an invoice, each with the id of the invoice. */
export function lineList(invoice: string, lines: readonly InvoiceLine[]): Invoice['lines'] {
  return {
    object: 'list',
    data: lines.map((line) => ({ ...line, invoice })),
    has_more: false,
    total_count: lines.length,
    url: `/v1/invoices/${invoice}/lines`,
  }
}

/** Creates a draft invoice with the pending items of the order, and sends `invoice.created`. */
export function createInvoice(ctx: Context, order: InvoiceOrder): Invoice {
  const id = longId('in')
  for (const item of order.items) ctx.patch('invoice_items', item.id, { invoice: id })
  const lines = [...order.items.map((item) => invoiceItemLine(ctx, item)), ...order.lines]
  const draft = { ...draftFields(ctx, order), id, lines: lineList(id, lines) }
  if (order.reason !== 'subscription_cycle') checkInvoiceBehaviors(ctx, draft)
  const invoice = ctx.store.put('invoices', withTotals(ctx, draft))
  dropUsedDiscounts(ctx, invoice)
  ctx.emitWithFinalState('invoice.created', invoice)
  return invoice
}

/** The taxes of a new invoice: its own, else those of its subscription. */
function taxFields({ subscription, tax = {} }: InvoiceOrder) {
  return {
    automatic_tax: invoiceTax(
      tax.automatic ?? { enabled: subscription?.automatic_tax.enabled ?? false },
    ),
    default_tax_rates: tax.rates ?? subscription?.default_tax_rates ?? [],
  }
}

type Blank = Omit<Invoice, 'id' | 'lines'>

function draftFields(ctx: Context, order: InvoiceOrder): Blank {
  const testClock = order.customer.test_clock ?? null
  const created = ctx.timeOf(testClock)
  return {
    ...DEFAULTS,
    object: 'invoice',
    auto_advance: order.finalizesAt !== null,
    automatically_finalizes_at: order.finalizesAt,
    billing_reason: order.reason,
    collection_method: order.collectionMethod,
    created,
    currency: order.currency,
    ...customerFields(ctx, order.customer),
    ...taxFields(order),
    ...defaultTexts(order.customer),
    description: order.description,
    discounts: order.discounts ?? inheritedDiscounts(ctx, order),
    due_date: order.daysUntilDue === null ? null : created + order.daysUntilDue * 86_400,
    metadata: order.metadata,
    next_payment_attempt: order.collectionMethod === 'send_invoice' ? null : order.finalizesAt,
    parent: parentOf(order.subscription),
    period_end: order.period.end,
    period_start: order.period.start,
    starting_balance: order.customer.balance,
    test_clock: testClock,
    webhooks_delivered_at: created,
    ...settingsForInvoice(order.subscription),
  }
}

function inheritedDiscounts(ctx: Context, order: InvoiceOrder): string[] {
  const { customer, subscription, period } = order
  // Only a manual invoice begins now; that of a renewal begins where its period does, also in a preview.
  return subscription === null || order.reason === 'manual'
    ? customerDiscounts(ctx, customer, period.end)
    : subscriptionDiscounts(ctx, { subscription, customer }, period.end)
}

/** The fields of a draft that follow its customer. */
export function customerFields(ctx: Context, customer: Customer) {
  return {
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: customer.shipping,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: taxIdsOf(ctx, customer.id).map(({ type, value }) => ({ type, value })),
  }
}

/** What the settings of a customer print on each of the invoices. */
function defaultTexts({ invoice_settings: settings }: Customer) {
  const rendering = settings.rendering_options
  return {
    custom_fields: settings.custom_fields,
    footer: settings.footer,
    ...(rendering === null
      ? {}
      : {
          rendering: {
            amount_tax_display: rendering.amount_tax_display,
            pdf: { page_size: 'auto' },
            template: rendering.template,
            template_version: null,
          },
        }),
  }
}

function parentOf(subscription: Subscription | null): Invoice['parent'] {
  if (subscription === null) return null
  return {
    quote_details: null,
    subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
    type: 'subscription_details',
  }
}

/** Fields of a draft that keep their defaults in the emulator. */
const DEFAULTS = {
  ...NO_TOTALS,
  account_country: ACCOUNT.country,
  account_name: ACCOUNT.name,
  account_tax_ids: null,
  amount_overpaid: 0,
  amount_paid: 0,
  amount_shipping: 0,
  application: null,
  attempt_count: 0,
  attempted: false,
  automatic_tax: {
    disabled_reason: null,
    enabled: false,
    liability: null,
    provider: null,
    status: null,
  },
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  effective_at: null,
  ending_balance: null,
  from_invoice: null,
  hosted_invoice_url: null,
  invoice_pdf: null,
  issuer: { type: 'self' },
  last_finalization_error: null,
  latest_revision: null,
  livemode: false,
  number: null,
  on_behalf_of: null,
  payment_settings: {
    default_mandate: null,
    payment_method_options: null,
    payment_method_types: null,
  },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  statement_descriptor: null,
  status: 'draft',
  status_transitions: {
    finalized_at: null,
    marked_uncollectible_at: null,
    paid_at: null,
    voided_at: null,
  },
} satisfies Partial<Invoice>
