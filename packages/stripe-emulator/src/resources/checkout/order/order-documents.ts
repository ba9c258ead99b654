import type Stripe from 'stripe'
import type { Discount, TaxRate } from '../../../documents.ts'

/** One line of what a Checkout session sells. */
export interface CheckoutOrderItem {
  id: string
  price: string
  quantity: number
  /** The bounds within which the buyer may change the quantity; missing or null: not at all. */
  adjustable?: { enabled: boolean; maximum: number | null; minimum: number | null } | null
  metadata?: Record<string, string>
  /** The ids of its own tax rates. */
  taxRates?: string[]
  /** The position in `optional_items`, where the buyer added it. */
  optional?: number
  /** What is due today; missing in data files of earlier versions. */
  amounts?: { subtotal: number; discount: number; tax: number; total: number }
}

/** What the buyer has typed on the page of a Checkout session. */
export interface CheckoutInput {
  email: string | null
  name: string | null
  phone: string | null
  businessName: string | null
  individualName: string | null
  address: Stripe.Address | null
  shipping: { name: string; address: Stripe.Address } | null
  taxId: { type: string; value: string } | null
  /** By key. */
  customFields: Record<string, string>
  promotions: boolean
  terms: boolean
  saveCard: boolean
}

/** What each discount takes off an order, and each tax rate's part of it. */
export interface CheckoutBreakdown {
  discounts: { amount: number; discount: Discount }[]
  taxes: {
    amount: number
    rate: TaxRate
    taxability_reason: string | null
    taxable_amount: number | null
  }[]
}

/** What a Checkout session sells; the API never returns it as such. */
export interface CheckoutOrder {
  id: string
  items: CheckoutOrderItem[]
  trialEnd: number | null
  trialPeriodDays: number | null
  missingPaymentMethod: 'cancel' | 'create_invoice' | 'pause'
  subscriptionMetadata: Record<string, string>
  subscriptionDescription: string | null
  /** The start of the first full period; missing or null: now, or the end of the trial. */
  anchor?: number | null
  /** Whether the time before `anchor` is charged; missing: it is. */
  prorate?: boolean
  /** The ids of the tax rates of the subscription. */
  defaultTaxRates?: string[]
  /** Settings of the invoices of the subscription. */
  invoiceSettings?: {
    custom_fields?: { name: string; value: string }[] | null
    description?: string | null
    footer?: string | null
  }
  /** Missing in data files of earlier versions. */
  breakdown?: CheckoutBreakdown
  /** The payment method that waits for the 3-D Secure step. */
  pendingPaymentMethod: string | null
  /** What was typed beside the card that waits for the 3-D Secure step. */
  pendingInput?: CheckoutInput
  /** What may be written to the customer that the session names. */
  customerUpdate?: { address?: string; name?: string; shipping?: string }
  /** `allow_redisplay` of the payment method, where it was given. */
  allowRedisplay?: 'always' | 'limited' | 'unspecified'
  /** The payment, in payment mode. */
  payment?: {
    description: string | null
    setupFutureUsage: 'off_session' | 'on_session' | null
    metadata: Record<string, string>
    fields: Pick<
      Stripe.PaymentIntent,
      | 'capture_method'
      | 'receipt_email'
      | 'shipping'
      | 'statement_descriptor'
      | 'statement_descriptor_suffix'
    >
  }
}
