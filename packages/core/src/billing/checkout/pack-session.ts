import type Stripe from 'stripe'
import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import type { PackOrder } from '../../packs/index.ts'
import { toMetadata } from '../../packs/index.ts'
import { idempotencyKey, PACK_MARK } from '../../stripe/index.ts'
import type { OpenSession } from './session.ts'
import { fetchOpen, optionsOf, QUICK } from './session.ts'

/** What a session of a pack sells: in this currency, or in Stripe's choice where it is null. */
export interface PackTerms {
  order: PackOrder
  priceId: string
  currency: string | null
}

function written({ order, priceId, currency }: PackTerms): Record<string, string> {
  return { ...toMetadata(order), price: priceId, currency: currency ?? 'any' }
}

/** Whether a session sells on these terms. */
export function sells({ terms }: OpenSession, wanted: PackTerms): boolean {
  return Object.entries(written(wanted)).every(([name, value]) => terms[name] === value)
}

/** The sessions in which this customer can still pay for this pack, on whatever terms. */
export async function listOpenPackSessions(
  ctx: Context,
  { customerId, pack }: { customerId: string; pack: string },
): Promise<OpenSession[]> {
  return (await fetchOpen(ctx, customerId)).flatMap(({ id, url, mode, metadata }) =>
    mode === 'payment' && metadata?.[PACK_MARK] === pack && url !== null
      ? [{ sessionId: id, url, terms: metadata }]
      : [],
  )
}

export interface PackSessionInput {
  userId: string
  customerId: string
  terms: PackTerms
  /** Unique for the user. */
  attempt: number
  successUrl?: string | undefined
  cancelUrl?: string | undefined
}

/** Creates the session. A repeat of the same attempt creates no second one. */
export async function createPackSession(
  ctx: Context,
  input: PackSessionInput,
): Promise<OpenSession> {
  const { customerId, attempt } = input
  const once = { ...QUICK, idempotencyKey: idempotencyKey('pack', customerId, attempt) }
  const params = paramsOf(ctx, input)
  const session = await ctx.stripe.call((stripe) => stripe.checkout.sessions.create(params, once))
  if (session.url === null) {
    throw new TollgateError('STRIPE_UNAVAILABLE', 'Stripe gave no page to pay on.')
  }
  return { sessionId: session.id, url: session.url, terms: session.metadata ?? {} }
}

function paramsOf(
  { catalog, settings }: Context,
  { userId, customerId, terms, successUrl, cancelUrl }: PackSessionInput,
): Stripe.Checkout.SessionCreateParams {
  const { priceId, currency, order } = terms
  const metadata = { userId, ...written(terms) }
  const page = `${settings.appUrl}/billing`
  return {
    mode: 'payment',
    customer: customerId,
    line_items: [{ price: priceId, quantity: order.quantity }],
    success_url: successUrl ?? `${page}?checkout=pack&session_id={CHECKOUT_SESSION_ID}`,
    cancel_url: cancelUrl ?? `${page}?checkout=canceled`,
    metadata,
    // For whoever reads the payment or the invoice in Stripe's dashboard.
    payment_intent_data: { metadata },
    invoice_creation: { enabled: true, invoice_data: { metadata } },
    ...(currency !== null && { currency }),
    ...optionsOf(catalog),
  }
}
