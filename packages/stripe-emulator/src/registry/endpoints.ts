import type { Endpoint } from '../http/endpoint.ts'
import { accountEndpoints } from '../resources/account/endpoints.ts'
import { planEndpoints } from '../resources/catalog/plan-endpoints.ts'
import { priceEndpoints } from '../resources/catalog/price-endpoints.ts'
import { productEndpoints } from '../resources/catalog/product-endpoints.ts'
import { checkoutEndpoints } from '../resources/checkout/endpoints.ts'
import { customerEndpoints } from '../resources/customers/customer-endpoints.ts'
import { eventEndpoints } from '../resources/events/endpoints.ts'
import { testClockEndpoints } from '../resources/events/test-clocks.ts'
import { webhookEndpointEndpoints } from '../resources/events/webhook-endpoint-endpoints.ts'
import { invoiceEndpoints } from '../resources/invoices/endpoints.ts'
import { invoiceItemEndpoints } from '../resources/invoices/invoice-item-endpoints.ts'
import { paymentMethodEndpoints } from '../resources/payment-methods/payment-method-endpoints.ts'
import { sourceEndpoints } from '../resources/payment-methods/source-endpoints.ts'
import { chargeEndpoints } from '../resources/payments/charge-endpoints.ts'
import { paymentIntentEndpoints } from '../resources/payments/intent-endpoints.ts'
import { refundEndpoints } from '../resources/payments/refunds.ts'
import { setupIntentEndpoints } from '../resources/payments/setup-intent-endpoints.ts'
import { portalEndpoints } from '../resources/portal/endpoints.ts'
import { scheduleEndpoints } from '../resources/schedules/endpoints.ts'
import { subscriptionEndpoints } from '../resources/subscriptions/endpoints.ts'
import { subscriptionItemEndpoints } from '../resources/subscriptions/item-endpoints.ts'

/** Every route of the API. */
export const endpoints: readonly Endpoint[] = [
  ...accountEndpoints,
  ...customerEndpoints,
  ...productEndpoints,
  ...priceEndpoints,
  ...planEndpoints,
  ...paymentMethodEndpoints,
  ...sourceEndpoints,
  ...paymentIntentEndpoints,
  ...chargeEndpoints,
  ...setupIntentEndpoints,
  ...refundEndpoints,
  ...subscriptionEndpoints,
  ...subscriptionItemEndpoints,
  ...scheduleEndpoints,
  ...invoiceEndpoints,
  ...invoiceItemEndpoints,
  ...checkoutEndpoints,
  ...portalEndpoints,
  ...eventEndpoints,
  ...webhookEndpointEndpoints,
  ...testClockEndpoints,
]
