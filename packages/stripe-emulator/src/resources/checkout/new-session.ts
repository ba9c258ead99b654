import { ACCOUNT } from '../../core/account.ts'
import type { Context } from '../../core/context.ts'
import type { CheckoutSession, Customer } from '../../documents.ts'

type Given =
  | 'id'
  | 'amount_subtotal'
  | 'amount_total'
  | 'cancel_url'
  | 'client_reference_id'
  | 'currency'
  | 'customer_creation'
  | 'customer_email'
  | 'expires_at'
  | 'metadata'
  | 'mode'
  | 'payment_method_collection'
  | 'payment_status'
  | 'setup_intent'
  | 'submit_type'
  | 'success_url'
  | 'url'

/** Fields of a session that keep their defaults in the emulator. */
const DEFAULTS = {
  adaptive_pricing: { enabled: true },
  after_expiration: null,
  allow_promotion_codes: null,
  allowed_payment_method_types: null,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  billing_address_collection: null,
  branding_settings: {
    background_color: '#ffffff',
    border_style: 'rounded',
    button_color: '#0074d4',
    display_name: 'Local Stripe',
    font_family: 'default',
    icon: null,
    logo: null,
  },
  client_secret: null,
  collected_information: { business_name: null, individual_name: null, shipping_details: null },
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  custom_text: {
    after_submit: null,
    shipping_address: null,
    submit: null,
    terms_of_service_acceptance: null,
  },
  discounts: [],
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  livemode: false,
  locale: null,
  managed_payments: null,
  origin_context: null,
  payment_intent: null,
  payment_link: null,
  payment_method_configuration_details: { id: ACCOUNT.paymentMethodConfiguration, parent: null },
  payment_method_options: { card: { request_three_d_secure: 'automatic' } },
  payment_method_types: ['card'],
  permissions: null,
  phone_number_collection: { enabled: false },
  recovered_from: null,
  saved_payment_method_options: {
    allow_redisplay_filters: ['always'],
    payment_method_remove: 'disabled',
    payment_method_save: null,
  },
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  status: 'open',
  subscription: null,
  total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  ui_mode: 'hosted_page',
  wallet_options: null,
} satisfies Partial<CheckoutSession>

/** A new session without the fields that its parameters decide. */
export function sessionDefaults(
  ctx: Context,
  customer: Customer | null,
): Omit<CheckoutSession, Given> {
  return {
    ...DEFAULTS,
    object: 'checkout.session',
    created: ctx.now,
    customer: customer?.id ?? null,
    customer_account: null,
    customer_details:
      customer === null
        ? null
        : {
            address: null,
            business_name: null,
            email: customer.email,
            individual_name: null,
            name: null,
            phone: null,
            tax_exempt: 'none',
            tax_ids: null,
          },
  }
}
