import { ACCOUNT } from '../../core/account.ts'
import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch, notEmulated } from '../../core/errors.ts'
import { checkoutSessionId, longId } from '../../core/ids.ts'
import { type Due, MAIN_TIMELINE } from '../../core/table.ts'
import type { CheckoutOrder, CheckoutSession, Customer, Price } from '../../documents.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { changeMetadata } from '../../http/params/shape.ts'
import { requirePrice } from '../catalog/price.ts'
import { requireCustomer } from '../customers/customer.ts'
import type { createSessionParams } from './params.ts'

export type SessionParams = ValueOf<typeof createSessionParams>

const HOUR = 3600
const DAY = 24 * HOUR

/** A Checkout session; else 404. */
export function requireSession(ctx: Context, id: string): CheckoutSession {
  const session = ctx.store.get('checkout_sessions', id)
  if (session === undefined) throw noSuch('checkout.session', id)
  return session
}

/** What a session will subscribe to. */
export function requireOrder(ctx: Context, id: string): CheckoutOrder {
  const order = ctx.store.get('checkout_orders', id)
  if (order === undefined) throw new Error(`session ${id} has no order`)
  return order
}

/** An open session expires. */
export function sessionDue(session: CheckoutSession): Due | null {
  return session.status === 'open' ? { at: session.expires_at, timeline: MAIN_TIMELINE } : null
}

function expiry(ctx: Context, wanted: number | undefined): number {
  if (wanted === undefined) return ctx.now + DAY
  if (wanted >= ctx.now + HOUR / 2 && wanted <= ctx.now + DAY) return wanted
  throw invalidRequest(
    'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.',
    { param: 'expires_at' },
  )
}

function pricesOf(ctx: Context, params: SessionParams): { price: Price; quantity: number }[] {
  const items = params.line_items ?? []
  if (items.length === 0) {
    throw invalidRequest('Missing required param: line_items.', {
      code: 'parameter_missing',
      param: 'line_items',
    })
  }
  return items.map((item, index) => {
    if (item.price === undefined) {
      throw invalidRequest(`Missing required param: line_items[${index}][price].`, {
        code: 'parameter_missing',
        param: `line_items[${index}][price]`,
      })
    }
    const price = requirePrice(ctx, item.price, `line_items[${index}][price]`)
    if (!price.active) {
      throw invalidRequest(
        'The price specified is inactive. This field only accepts active prices.',
        { param: `line_items[${index}][price]` },
      )
    }
    if (price.recurring === null)
      throw notEmulated('a one-time price in Checkout', `line_items[${index}][price]`)
    return { price, quantity: item.quantity ?? 1 }
  })
}

function refuseImpossible(ctx: Context, params: SessionParams): void {
  if (params.mode !== 'subscription')
    throw notEmulated(`Checkout in ${params.mode ?? 'payment'} mode`, 'mode')
  if (params.ui_mode !== undefined && params.ui_mode !== 'hosted_page')
    throw notEmulated(`Checkout with ui_mode ${params.ui_mode}`, 'ui_mode')
  if (params.success_url === undefined) {
    throw invalidRequest('Missing required param: success_url.', {
      code: 'parameter_missing',
      param: 'success_url',
    })
  }
  for (const name of ['success_url', 'cancel_url'] as const) {
    const url = params[name]
    if (url !== undefined && !/^https?:\/\//.test(url)) {
      throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: name })
    }
  }
  if (params.customer !== undefined && params.customer_email !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: customer, customer_email.',
      { code: 'parameters_exclusive', param: 'customer_email' },
    )
  }
  const trialEnd = params.subscription_data?.trial_end
  if (trialEnd !== undefined && trialEnd < ctx.now + 2 * DAY) {
    throw invalidRequest('The `trial_end` date has to be at least 2 days in the future.', {
      param: 'subscription_data[trial_end]',
    })
  }
}

/** Opens a Checkout session in subscription mode; its page is at `url` until it ends. */
export function createSession(ctx: Context, params: SessionParams): CheckoutSession {
  refuseImpossible(ctx, params)
  const customer =
    params.customer === undefined ? null : requireCustomer(ctx, params.customer, 'customer')
  const prices = pricesOf(ctx, params)
  const data = params.subscription_data
  const id = checkoutSessionId()
  const isTrial = data?.trial_end !== undefined || data?.trial_period_days !== undefined
  const total = prices.reduce(
    (sum, { price, quantity }) => sum + (price.unit_amount ?? 0) * quantity,
    0,
  )
  const amount = isTrial ? 0 : total
  ctx.store.put('checkout_orders', {
    id,
    items: prices.map(({ price, quantity }) => ({ id: longId('li'), price: price.id, quantity })),
    trialEnd: data?.trial_end ?? null,
    trialPeriodDays: data?.trial_period_days ?? null,
    missingPaymentMethod:
      data?.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
    subscriptionMetadata: changeMetadata({}, data?.metadata),
    subscriptionDescription: data?.description ?? null,
    pendingPaymentMethod: null,
  })
  return ctx.store.put('checkout_sessions', {
    ...blankSession(ctx, customer),
    id,
    amount_subtotal: amount,
    amount_total: amount,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    currency: prices[0]?.price.currency ?? null,
    customer_email: params.customer_email ?? null,
    expires_at: expiry(ctx, params.expires_at),
    metadata: changeMetadata({}, params.metadata),
    payment_method_collection: params.payment_method_collection ?? 'always',
    success_url: params.success_url ?? null,
    url: `${ctx.settings.baseUrl}/c/pay/${id}`,
  })
}

type Given =
  | 'id'
  | 'amount_subtotal'
  | 'amount_total'
  | 'cancel_url'
  | 'client_reference_id'
  | 'currency'
  | 'customer_email'
  | 'expires_at'
  | 'metadata'
  | 'payment_method_collection'
  | 'success_url'
  | 'url'

/** What a session says of the things that it does not have. */
const UNUSED = {
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
  mode: 'subscription',
  origin_context: null,
  payment_intent: null,
  payment_link: null,
  payment_method_configuration_details: { id: ACCOUNT.paymentMethodConfiguration, parent: null },
  payment_method_options: { card: { request_three_d_secure: 'automatic' } },
  payment_method_types: ['card'],
  payment_status: 'unpaid',
  permissions: null,
  phone_number_collection: { enabled: false },
  recovered_from: null,
  saved_payment_method_options: {
    allow_redisplay_filters: ['always'],
    payment_method_remove: 'disabled',
    payment_method_save: null,
  },
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  status: 'open',
  submit_type: null,
  subscription: null,
  total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  ui_mode: 'hosted_page',
  wallet_options: null,
} satisfies Partial<CheckoutSession>

function blankSession(ctx: Context, customer: Customer | null): Omit<CheckoutSession, Given> {
  return {
    ...UNUSED,
    object: 'checkout.session',
    created: ctx.now,
    customer: customer?.id ?? null,
    customer_account: null,
    customer_creation: customer === null ? 'always' : null,
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
