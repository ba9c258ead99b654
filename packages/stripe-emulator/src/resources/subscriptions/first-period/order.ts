import type { Customer, Price, Subscription, TaxRate } from '../../../documents.ts'
import type { DiscountParam } from '../../discounts/redeem/discount-params.ts'
import type { CancelAt } from '../cancel.ts'
import type { AddedItem } from '../items/added-items.ts'

/** The values of a new subscription, from the API, Checkout or a schedule. */
export interface SubscriptionOrder {
  customer: Customer
  items: {
    price: Price
    quantity: number
    metadata: Record<string, string>
    discounts?: readonly DiscountParam[] | null | undefined
    /** Its own tax rates, instead of the default ones. */
    taxRates?: TaxRate[] | undefined
  }[]
  /** The discounts to redeem; undefined: those of the customer apply. */
  discounts?: readonly DiscountParam[] | null | undefined
  /** One that every price has an amount in; none: that of the first price. */
  currency?: string | undefined
  /** The end of the trial, in seconds; null: none. */
  trialEnd: number | null
  /** The anchor of the billing cycle; null: the start, or the end of the trial. */
  anchor: number | null
  /** An instant in the past that it is backdated to; missing: it starts now. */
  backdatedTo?: number | undefined
  prorate: boolean
  paymentBehavior: 'allow_incomplete' | 'default_incomplete' | 'error_if_incomplete'
  cancelAt: CancelAt | null
  /** One-time charges on the first invoice. */
  addedItems?: readonly AddedItem[] | undefined
  fields: Partial<Subscription>
  /** The first invoice stays a draft for an hour, as that of a schedule does. */
  waitsAsDraft?: boolean | undefined
  /** When `customer.subscription.created` is sent: Checkout does before the payment, the API after it. */
  announce: 'before_payment' | 'after_payment'
  /** The payment method of the first payment, which becomes the default of the subscription. */
  payWith: string | null
  /** Whether the first payment has passed 3-D Secure. */
  authenticated: boolean
}
