import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch, notEmulated } from '../../core/errors.ts'
import { checkoutSessionId } from '../../core/ids.ts'
import type { Due } from '../../core/table.ts'
import { MAIN_TIMELINE } from '../../core/table.ts'
import type { CheckoutOrder, CheckoutSession, Customer } from '../../documents.ts'
import { changeMetadata } from '../../http/params/shape.ts'
import { requireCustomer } from '../customers/customer.ts'
import { requireCardType } from '../payments/open-intent.ts'
import { createSetupIntent } from '../payments/setup-intents/setup-intent.ts'
import type { SessionParams } from './checkout-session-params.ts'
import { sessionDefaults } from './new-session.ts'
import { placeOrder } from './order.ts'

const HOUR = 3600
const DAY = 24 * HOUR

/** A Checkout session. Throws 404. */
export function requireSession(ctx: Context, id: string): CheckoutSession {
  const session = ctx.store.get('checkout_sessions', id)
  if (session === undefined) throw noSuch('checkout.session', id)
  return session
}

/** The order of a session: what it sells. */
export function requireOrder(ctx: Context, id: string): CheckoutOrder {
  const order = ctx.store.get('checkout_orders', id)
  if (order === undefined) throw new Error(`session ${id} has no order`)
  return order
}

/** When an open session expires. */
export function sessionDue(session: CheckoutSession): Due | null {
  return session.status === 'open' ? { at: session.expires_at, timeline: MAIN_TIMELINE } : null
}

const DATA_OF_MODE = [
  ['payment', 'payment_intent_data'],
  ['setup', 'setup_intent_data'],
  ['subscription', 'subscription_data'],
] as const

/** Creates a Checkout session; its page is at `url` while it is open. Throws 400 for impossible parameters. */
export function createSession(ctx: Context, given: SessionParams): CheckoutSession {
  const params = { ...given, mode: given.mode ?? 'payment' }
  checkParams(ctx, params)
  const customer =
    params.customer === undefined ? null : requireCustomer(ctx, params.customer, 'customer')
  const id = checkoutSessionId()
  const { total, currency } = placeOrder(ctx, id, params)
  return ctx.store.put('checkout_sessions', {
    ...sessionDefaults(ctx, customer),
    id,
    amount_subtotal: total,
    amount_total: total,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    currency,
    customer_creation: customerCreation(params),
    customer_email: params.customer_email ?? null,
    expires_at: expiry(ctx, params.expires_at),
    metadata: changeMetadata({}, params.metadata),
    mode: params.mode,
    payment_method_collection: params.payment_method_collection ?? 'always',
    payment_status: params.mode === 'setup' ? 'no_payment_required' : 'unpaid',
    setup_intent: setupIntentOf(ctx, params, customer),
    submit_type: params.submit_type ?? null,
    success_url: params.success_url ?? null,
    url: `${ctx.settings.baseUrl}/c/pay/${id}`,
  })
}

function checkParams(ctx: Context, params: SessionParams): void {
  requireCardType(params.payment_method_types, 'payment_method_types')
  for (const [mode, name] of DATA_OF_MODE) {
    if (params[name] === undefined || params.mode === mode) continue
    throw invalidRequest(`You can not pass \`${name}\` in \`${params.mode}\` mode.`, {
      param: name,
    })
  }
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

function customerCreation(params: SessionParams): CheckoutSession['customer_creation'] {
  if (params.customer !== undefined) return null
  return params.customer_creation ?? (params.mode === 'subscription' ? 'always' : 'if_required')
}

function expiry(ctx: Context, wanted: number | undefined): number {
  if (wanted === undefined) return ctx.now + DAY
  if (wanted >= ctx.now + HOUR / 2 && wanted <= ctx.now + DAY) return wanted
  throw invalidRequest(
    'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.',
    { param: 'expires_at' },
  )
}

function setupIntentOf(
  ctx: Context,
  params: SessionParams,
  customer: Customer | null,
): string | null {
  if (params.mode !== 'setup') return null
  return createSetupIntent(ctx, {
    customer: customer?.id ?? null,
    description: params.setup_intent_data?.description ?? null,
    metadata: changeMetadata({}, params.setup_intent_data?.metadata),
    paymentMethod: null,
    usage: 'off_session',
  }).id
}
