import { ACCOUNT } from '../../../core/account.ts'
import type { Context } from '../../../core/context.ts'
import type { CheckoutSession, Customer } from '../../../documents.ts'
import { discountsOf } from '../order/session-discounts.ts'
import type { SessionParams } from '../params/session-params.ts'
import { collectionFields, lookFields } from './shown-fields.ts'

type Mode = 'payment' | 'setup' | 'subscription'

/** Fields of a session that keep their defaults in the emulator. */
const DEFAULTS = {
  consent: null,
  currency_conversion: null,
  customer_account: null,
  invoice: null,
  livemode: false,
  payment_intent: null,
  payment_link: null,
  payment_method_configuration_details: { id: ACCOUNT.paymentMethodConfiguration, parent: null },
  payment_method_options: { card: { request_three_d_secure: 'automatic' } },
  payment_method_types: ['card'],
  permissions: null,
  recovered_from: null,
  shipping_cost: null,
  shipping_options: [],
  subscription: null,
} satisfies Partial<CheckoutSession>

/** The fields of a new session that only some modes have; null in the others (docs/stripe.md, fact 33). */
function fieldsOfMode(params: SessionParams & { mode: Mode }) {
  const isSetup = params.mode === 'setup'
  return {
    adaptive_pricing: { enabled: isSetup ? false : (params.adaptive_pricing?.enabled ?? true) },
    discounts: isSetup ? null : discountsOf(params),
    invoice_creation: params.mode === 'payment' ? invoiceCreation(params) : null,
    payment_method_collection:
      params.mode === 'payment' ? 'if_required' : (params.payment_method_collection ?? 'always'),
    payment_status: isSetup ? 'no_payment_required' : 'unpaid',
    saved_payment_method_options: isSetup
      ? null
      : {
          allow_redisplay_filters: ['always'],
          payment_method_remove: 'disabled',
          payment_method_save: null,
          ...params.saved_payment_method_options,
        },
    total_details: isSetup ? null : { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  } satisfies Partial<CheckoutSession>
}

function invoiceCreation({
  invoice_creation: given,
}: SessionParams): CheckoutSession['invoice_creation'] {
  const data = given?.invoice_data ?? {}
  const rendering = data.rendering_options ?? null
  return {
    enabled: given?.enabled ?? false,
    invoice_data: {
      account_tax_ids: null,
      custom_fields: data.custom_fields ?? null,
      description: data.description ?? null,
      footer: data.footer ?? null,
      issuer: data.issuer === undefined ? null : { type: 'self' },
      metadata: typeof data.metadata === 'object' && data.metadata !== null ? data.metadata : {},
      rendering_options:
        rendering === null
          ? null
          : { amount_tax_display: rendering.amount_tax_display ?? null, template: null },
    },
  }
}

/** A new session, before its items and its amounts. */
export function newSession(
  ctx: Context,
  params: SessionParams & { mode: Mode },
  customer: Customer | null,
) {
  return {
    ...DEFAULTS,
    ...fieldsOfMode(params),
    ...lookFields(params),
    ...collectionFields(params),
    object: 'checkout.session' as const,
    after_expiration: afterExpiration(params),
    automatic_tax: automaticTaxOf(params),
    managed_payments:
      params.managed_payments === undefined
        ? null
        : { enabled: isOn(params.managed_payments.enabled) },
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    amount_subtotal: null,
    amount_total: null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    created: ctx.now,
    customer: customer?.id ?? null,
    customer_creation: customerCreation(params),
    customer_details: customerDetails(params, customer),
    customer_email: params.customer_email ?? null,
    mode: params.mode,
    status: 'open',
    success_url: params.success_url ?? null,
    ...(params.excluded_payment_method_types === undefined
      ? {}
      : { excluded_payment_method_types: params.excluded_payment_method_types }),
  } satisfies Partial<CheckoutSession>
}

function automaticTaxOf({ automatic_tax: tax }: SessionParams): CheckoutSession['automatic_tax'] {
  if (tax?.enabled !== true) {
    return { enabled: false, liability: null, provider: null, status: null }
  }
  return {
    enabled: true,
    liability: { type: 'self' },
    provider: 'stripe',
    status: 'requires_location_inputs',
  }
}

/** A switch that can only be off here. */
function isOn(given: 'false' | undefined): boolean {
  return given !== undefined && given !== 'false'
}

function afterExpiration({
  after_expiration: given,
}: SessionParams): CheckoutSession['after_expiration'] {
  if (given?.recovery === undefined) return null
  const { allow_promotion_codes: codes = false, enabled } = given.recovery
  return { recovery: { allow_promotion_codes: codes, enabled, expires_at: null, url: null } }
}

/** `if_required` creates a customer where the session cannot do without: for an invoice. */
function customerCreation(
  params: SessionParams & { mode: Mode },
): CheckoutSession['customer_creation'] {
  if (params.customer !== undefined) return null
  return params.customer_creation ?? (params.mode === 'subscription' ? 'always' : 'if_required')
}

function customerDetails(
  params: SessionParams & { mode: Mode },
  customer: Customer | null,
): CheckoutSession['customer_details'] {
  const email = customer?.email ?? params.customer_email
  if (email === undefined && customer === null) return null
  return {
    address: null,
    business_name: null,
    email: email ?? null,
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: params.mode === 'setup' ? null : (customer?.tax_exempt ?? 'none'),
    tax_ids: null,
  }
}
