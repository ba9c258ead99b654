import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { checkoutSessionId, token } from '../../../core/ids.ts'
import type { CheckoutSession, Customer } from '../../../documents.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { requireOneCurrency } from '../../customers/lasting-currency.ts'
import { createSetupIntent } from '../../payments/setup-intents/setup-intent.ts'
import { checkTax } from '../checks/check-tax.ts'
import { checkParams } from '../checks/checks.ts'
import { requireLeastAmount } from '../checks/least-amount.ts'
import { placeOrder } from '../order/place.ts'
import { requireApplicable } from '../order/session-discounts.ts'
import { withTotals } from '../order/totals.ts'
import type { SessionParams } from '../params/session-params.ts'
import { requireOrder, requireSession } from '../session.ts'
import { newSession } from './new-session.ts'

const HOUR = 3600
const DAY = 24 * HOUR

/** Creates a Checkout session; its page is at `url` while it is open. Throws 400 for impossible parameters. */
export function createSession(ctx: Context, given: SessionParams): CheckoutSession {
  const params = { ...given, mode: given.mode ?? 'payment' }
  checkParams(ctx, params)
  const customer =
    params.customer === undefined ? null : requireCustomer(ctx, params.customer, 'customer')
  checkTax(ctx, params, customer)
  const id = checkoutSessionId()
  const isEmbedded = params.ui_mode === 'embedded_page'
  ctx.store.put('checkout_sessions', {
    ...newSession(ctx, params, customer),
    ...placeOrder(ctx, id, params),
    id,
    client_secret: isEmbedded ? `${id}_secret_${token(50)}` : null,
    expires_at: expiry(ctx, params.expires_at),
    metadata: changeMetadata({}, params.metadata),
    ...(isEmbedded ? { redirect_on_completion: params.redirect_on_completion ?? 'always' } : {}),
    ...(params.return_url === undefined ? {} : { return_url: params.return_url }),
    setup_intent: setupIntentOf(ctx, params, customer),
    url: isEmbedded ? null : `${ctx.settings.baseUrl}/c/pay/${id}`,
  })
  const opened = requireSession(ctx, id)
  if (customer !== null && params.mode === 'subscription') {
    requireOneCurrency(ctx, customer.id, opened.currency ?? '')
  }
  requireApplicable(ctx, opened, requireOrder(ctx, id))
  const session = withTotals(ctx, id)
  requireLeastAmount(session)
  return session
}

/** When the session expires. The refusal names no parameter. */
function expiry(ctx: Context, wanted: number | undefined): number {
  if (wanted === undefined) return ctx.now + DAY
  if (wanted < ctx.now + HOUR / 2) {
    throw invalidRequest(
      'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
    )
  }
  if (wanted <= ctx.now + DAY) return wanted
  throw invalidRequest(
    'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
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
