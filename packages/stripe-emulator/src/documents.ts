import type Stripe from 'stripe'
import type {
  CheckoutBreakdown,
  CheckoutInput,
  CheckoutOrder,
  CheckoutOrderItem,
} from './resources/checkout/order/order-documents.ts'
import type { DiscountDocuments } from './resources/discounts/discount-documents.ts'
import type { MeterEvent, MeterUsage, UsageStart } from './resources/meters/usage-documents.ts'
import type { Delivery, DeliveryAttempt } from './webhooks/delivery.ts'

export type {
  CheckoutBreakdown,
  CheckoutInput,
  CheckoutOrder,
  CheckoutOrderItem,
  Delivery,
  DeliveryAttempt,
  MeterEvent,
  MeterUsage,
}

/**
 * The JSON form of a type of the `stripe` package, as the API sends it unexpanded: decimals are
 * strings, and a reference is the id of its object, never the object.
 */
type Wire<T> = T extends string | number | boolean | null | undefined | undefined
  ? T
  : T extends Stripe.Decimal
    ? string
    : T extends readonly (infer Item)[]
      ? WireField<Item>[]
      : T extends object
        ? { [Key in keyof T]: WireField<T[Key]> }
        : T

type WireField<T> = string extends T ? Exclude<T, { object: string }> : Wire<T>

export type Account = Wire<Stripe.Account>
export type Customer = Wire<Stripe.Customer>
export type Product = Wire<Stripe.Product>
export type Plan = Wire<Stripe.Plan>
export type Price = Wire<Stripe.Price>
export type PaymentMethod = Wire<Stripe.PaymentMethod>
/** A card as the legacy Sources API shows it. */
export type SourceCard = Wire<Stripe.Card>
/** A metered item has no quantity. */
export type SubscriptionItem = Wire<Stripe.SubscriptionItem>
/** Stripe still sends `plan` and `quantity` at the top, though its types leave them out. */
export type Subscription = Omit<Wire<Stripe.Subscription>, 'items'> & {
  items: List<SubscriptionItem> & { total_count: number }
  plan: Plan | null
  quantity: number | null
}
export type Coupon = Wire<Stripe.Coupon>
export type PromotionCode = Wire<Stripe.PromotionCode>
export type Discount = Wire<Stripe.Discount>
export type InvoiceLine = Wire<Stripe.InvoiceLineItem>
export type Invoice = Omit<Wire<Stripe.Invoice>, 'lines'> & {
  lines: List<InvoiceLine> & { total_count: number }
}
export type InvoiceItem = Wire<Stripe.InvoiceItem>
export type InvoicePayment = Wire<Stripe.InvoicePayment>
export type PaymentIntent = Wire<Stripe.PaymentIntent>
export type SetupIntent = Wire<Stripe.SetupIntent>
/** Stripe still sends these three, though its types leave them out. */
export type Charge = Wire<Stripe.Charge> & {
  destination: null
  dispute: string | null
  order: null
}
export type Dispute = Omit<Wire<Stripe.Dispute>, 'balance_transactions'> & {
  balance_transactions: BalanceTransaction[]
}
export type BalanceTransaction = Wire<Stripe.BalanceTransaction>
export type Refund = Wire<Stripe.Refund>
export type TaxRate = Wire<Stripe.TaxRate>
export type TaxId = Wire<Stripe.TaxId>
export type TaxSettings = Wire<Stripe.Tax.Settings>
export type CreditNoteLine = Wire<Stripe.CreditNoteLineItem>
export type CreditNote = Omit<Wire<Stripe.CreditNote>, 'lines'> & { lines: List<CreditNoteLine> }
export type CustomerBalanceTransaction = Wire<Stripe.CustomerBalanceTransaction>
export type CheckoutSession = Wire<Stripe.Checkout.Session>
export type PortalConfiguration = Wire<Stripe.BillingPortal.Configuration>
export type PortalSession = Wire<Stripe.BillingPortal.Session>
export type SubscriptionSchedule = Wire<Stripe.SubscriptionSchedule>
export type MeterSession = Wire<Stripe.V2.Billing.MeterEventSession>
export type Meter = Wire<Stripe.Billing.Meter>
export type WebhookEndpoint = Wire<Stripe.WebhookEndpoint> & { secret: string }
export type TestClock = Wire<Stripe.TestHelpers.TestClock>

/** A list as the API sends it. */
export interface List<T> {
  object: 'list'
  data: T[]
  has_more: boolean
  url: string
}

/** An event; it carries its object as it was when the event was written. */
export interface Event {
  id: string
  object: 'event'
  api_version: string
  created: number
  data: { object: EventObject; previous_attributes?: object }
  livemode: boolean
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: Stripe.Event.Type
}

/** An event of the v2 API. It is delivered without its data, which the receiver fetches. */
export interface ThinEvent {
  id: string
  object: 'v2.core.event'
  created: string
  data: object
  livemode: boolean
  related_object?: { id: string; type: string; url: string }
  type: string
}

/** Anything that has an id and says what it is. */
export interface StripeObject {
  id: string
  object: string
}

/** The object of an event; only an upcoming invoice has no id. */
export interface EventObject {
  id?: string
  object: string
}

/** The card number of a payment method; the API never returns it. */
export interface Card {
  id: string
  number: string
  /** 3-D Secure was passed once, so that later payments need no authentication. */
  authenticated: boolean
  /** The payment intent for which it was passed, where that intent is confirmed manually. */
  authenticatedFor?: string
  /** It was used without a customer, or detached from one: it cannot be used again. */
  spent?: boolean
}

/** What the API returns of a price only on request: its tiers, and its amounts in other currencies. */
export interface PriceOptions {
  /** The id of the price. */
  id: string
  tiers: PriceTier[] | null
  /** By currency; without the price's own. */
  currencies: Record<string, CurrencyOption>
  /** It was made by `price_data`: lists of prices leave it out. */
  isInline?: true
}

export type PriceTier = NonNullable<Price['tiers']>[number]
export type CurrencyOption = NonNullable<Price['currency_options']>[string]

/** The taxes that a line of an invoice, or a pending invoice item, has itself; the API never returns it. */
export interface LineTaxes {
  id: string
  rates: string[]
  /** Whether its amount includes automatic tax; null: its price says so. */
  behavior: 'exclusive' | 'inclusive' | null
}

/** Work that is due at a time of its own, such as the notice before a trial ends; the API never returns it. */
export interface Reminder {
  id: string
  /** The id of the subscription, schedule or invoice. */
  of: string
  at: number
  timeline: string
}

/** The stored response to a request with an idempotency key. */
export interface IdempotentResponse {
  id: string
  /** The path of the request; missing in data files of earlier versions. */
  path?: string
  fingerprint: string
  requestId: string
  status: number
  body: string
  created: number
}

/** All documents of the emulator, by collection. */
export interface Documents extends DiscountDocuments {
  accounts: Account
  customers: Customer
  deleted_customers: { id: string; object: 'customer'; deleted: true }
  products: Product
  prices: Price
  price_options: PriceOptions
  payment_methods: PaymentMethod
  cards: Card
  subscriptions: Subscription
  subscription_schedules: SubscriptionSchedule
  invoices: Invoice
  invoice_items: InvoiceItem
  invoice_payments: InvoicePayment
  payment_intents: PaymentIntent
  setup_intents: SetupIntent
  charges: Charge
  balance_transactions: BalanceTransaction
  disputes: Dispute
  refunds: Refund
  tax_rates: TaxRate
  /** The rates that automatic tax has made, by country, percentage and kind. */
  automatic_tax_rates: { id: string; rate: string }
  tax_ids: TaxId
  tax_settings: { id: 'main'; settings: TaxSettings }
  line_taxes: LineTaxes
  credit_notes: CreditNote
  customer_balance_transactions: CustomerBalanceTransaction
  /** `tax[ip_address]` of a customer. */
  customer_ip_addresses: { id: string; address: string }
  checkout_sessions: CheckoutSession
  checkout_orders: CheckoutOrder
  portal_configurations: PortalConfiguration
  portal_sessions: PortalSession
  meters: Meter
  meter_events: MeterEvent
  meter_usage: MeterUsage
  meter_sessions: MeterSession
  usage_starts: UsageStart
  webhook_endpoints: WebhookEndpoint
  events: Event
  thin_events: ThinEvent
  deliveries: Delivery
  reminders: Reminder
  idempotent_answers: IdempotentResponse
  test_clocks: TestClock
  clock: { id: 'main'; offsetMs: number }
}

export type CollectionName = keyof Documents
