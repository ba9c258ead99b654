import type { Endpoint } from '../http/endpoint.ts'
import { accountEndpoints } from '../resources/account/account-endpoints.ts'
import { planEndpoints } from '../resources/catalog/plan-endpoints.ts'
import { priceEndpoints } from '../resources/catalog/price-endpoints.ts'
import { productEndpoints } from '../resources/catalog/product-endpoints.ts'
import { checkoutSessionEndpoints } from '../resources/checkout/checkout-session-endpoints.ts'
import { customerBalanceEndpoints } from '../resources/customers/customer-balance-endpoints.ts'
import { customerEndpoints } from '../resources/customers/customer-endpoints.ts'
import { couponEndpoints } from '../resources/discounts/coupons/coupon-endpoints.ts'
import { promotionCodeEndpoints } from '../resources/discounts/coupons/promotion-code-endpoints.ts'
import { discountEndpoints } from '../resources/discounts/discount-endpoints.ts'
import { eventEndpoints } from '../resources/events/event-endpoints.ts'
import { testClockEndpoints } from '../resources/events/test-clock-endpoints.ts'
import { webhookEndpointEndpoints } from '../resources/events/webhook-endpoint-endpoints.ts'
import { creditNoteEndpoints } from '../resources/invoices/credit-notes/credit-note-endpoints.ts'
import { invoiceLineEndpoints } from '../resources/invoices/draft/line-endpoints.ts'
import { invoiceEndpoints } from '../resources/invoices/invoice-endpoints.ts'
import { invoiceItemEndpoints } from '../resources/invoices/items/invoice-item-endpoints.ts'
import { invoicePaymentEndpoints } from '../resources/invoices/items/invoice-payment-endpoints.ts'
import { upcomingEndpoints } from '../resources/invoices/preview/upcoming-endpoints.ts'
import { meterEventEndpoints } from '../resources/meters/events/meter-event-endpoints.ts'
import { v2Endpoints } from '../resources/meters/events/meter-v2-endpoints.ts'
import { meterEndpoints } from '../resources/meters/meter-endpoints.ts'
import { balanceEndpoints } from '../resources/payments/charges/balance-endpoints.ts'
import { chargeEndpoints } from '../resources/payments/charges/charge-endpoints.ts'
import { disputeEndpoints } from '../resources/payments/disputes/dispute-endpoints.ts'
import { paymentMethodEndpoints } from '../resources/payments/methods/payment-method-endpoints.ts'
import { sourceEndpoints } from '../resources/payments/methods/source-endpoints.ts'
import { paymentIntentEndpoints } from '../resources/payments/payment-intent-endpoints.ts'
import { refundEndpoints } from '../resources/payments/refunds/refund-endpoints.ts'
import { setupIntentEndpoints } from '../resources/payments/setup-intents/setup-intent-endpoints.ts'
import { portalEndpoints } from '../resources/portal/portal-endpoints.ts'
import { subscriptionItemEndpoints } from '../resources/subscriptions/items/subscription-item-endpoints.ts'
import { usageRecordEndpoints } from '../resources/subscriptions/items/usage-record-endpoints.ts'
import { subscriptionEndpoints } from '../resources/subscriptions/requests/subscription-endpoints.ts'
import { scheduleEndpoints } from '../resources/subscriptions/schedules/schedule-endpoints.ts'
import { taxIdEndpoints } from '../resources/tax/ids/tax-id-endpoints.ts'
import { taxRateEndpoints } from '../resources/tax/rates/tax-rate-endpoints.ts'
import { taxSettingsEndpoints } from '../resources/tax/tax-settings.ts'

/** All routes of the API. */
export const endpoints: readonly Endpoint[] = [
  ...accountEndpoints,
  ...customerEndpoints,
  ...customerBalanceEndpoints,
  ...productEndpoints,
  ...priceEndpoints,
  ...couponEndpoints,
  ...promotionCodeEndpoints,
  ...discountEndpoints,
  ...planEndpoints,
  ...paymentMethodEndpoints,
  ...sourceEndpoints,
  ...paymentIntentEndpoints,
  ...chargeEndpoints,
  ...setupIntentEndpoints,
  ...refundEndpoints,
  ...disputeEndpoints,
  ...balanceEndpoints,
  ...taxIdEndpoints,
  ...taxRateEndpoints,
  ...taxSettingsEndpoints,
  ...subscriptionEndpoints,
  ...subscriptionItemEndpoints,
  ...usageRecordEndpoints,
  ...scheduleEndpoints,
  ...upcomingEndpoints,
  ...invoiceEndpoints,
  ...invoiceItemEndpoints,
  ...invoiceLineEndpoints,
  ...invoicePaymentEndpoints,
  ...meterEndpoints,
  ...meterEventEndpoints,
  ...v2Endpoints,
  ...creditNoteEndpoints,
  ...checkoutSessionEndpoints,
  ...portalEndpoints,
  ...eventEndpoints,
  ...webhookEndpointEndpoints,
  ...testClockEndpoints,
]
