import { StripeError } from '../../core/errors.ts'

/** The resources of Stripe's API, by the first part of their path. A test compares them with the `stripe` package. */
const RESOURCES: ReadonlySet<string> = new Set(
  `account account_links account_sessions accounts apple_pay application_fees apps balance balance_settings
  balance_transactions billing billing_portal charges checkout climate confirmation_tokens country_specs coupons
  credit_notes customer_sessions customers disputes entitlements ephemeral_keys events exchange_rates file_links
  files financial_connections forwarding identity invoice_payments invoice_rendering_templates invoiceitems invoices
  issuing mandates payment_attempt_records payment_intents payment_links payment_method_configurations
  payment_method_domains payment_methods payment_records payouts plans prices product_catalog products
  promotion_codes quotes radar refunds reporting reviews setup_attempts setup_intents shipping_rates sigma sources
  subscription_items subscription_schedules subscriptions tax tax_codes tax_ids tax_rates terminal test_helpers
  three_d_secure tokens topups transfers treasury webhook_endpoints`.split(/\s+/),
)

/** Words that stand where an id stands in other routes, and are no ids. Compared with the `stripe` package too. */
const WORDS: ReadonlySet<string> = new Set([
  'create_preview',
  'delete',
  'find',
  'search',
  'upcoming',
])

/** Whether the id in a path is one of Stripe's words rather than an id (`/v1/subscriptions/search`), or missing. */
export function isNoId(request: { path: string; id: string }): boolean {
  return WORDS.has(request.id) || request.path.endsWith('/')
}

/** The error for a route that the emulator does not have: Stripe's answer, or one that names what is missing. */
export function unknownRoute(request: { method: string; path: string }): StripeError {
  const { method, path } = request
  if (path === '/v1/invoices/upcoming') return removedRoute()
  const slash = path.endsWith('/')
    ? ' If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code.'
    : ''
  const [, , resource = ''] = path.split('/')
  const gap =
    RESOURCES.has(resource) || path.startsWith('/v2/')
      ? ' stripe-emulator: this route is not emulated, whether or not Stripe has it.'
      : ''
  return new StripeError(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}).${slash} Please see https://stripe.com/docs or we can help at https://support.stripe.com/.${gap}`,
  })
}

/** `GET /v1/invoices/upcoming` ended with 2025-03-31. */
function removedRoute(): StripeError {
  return new StripeError(404, {
    type: 'invalid_request_error',
    message:
      'This API method has been deprecated. Please use the Create Preview Invoice API instead: https://docs.stripe.com/api/invoices/create_preview.',
  })
}
