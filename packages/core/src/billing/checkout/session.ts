import { createHash } from 'node:crypto'
import type Stripe from 'stripe'
import type { AnyCatalog } from '../../catalog/index.ts'
import { planOf } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import type { OveragePrice } from '../../stripe/index.ts'
import { idempotencyKey, OVERAGE_DUE } from '../../stripe/index.ts'
import type { Target } from '../target.ts'

/** A checkout page of Stripe's that a payer can still use. */
export interface OpenSession {
  sessionId: string
  url: string
  /** As we wrote them into the session's metadata. */
  terms: Readonly<Record<string, string>>
}

/** What a session sells. One that was opened on other terms is not used again. */
export interface Terms {
  plan: string
  priceId: string
  /** 0 where there is no trial, or no second one. */
  trialDays: number
  /** Null: Stripe chooses. */
  currency: string | null
  /** Which of the catalogue's options for checkout are on, by their names. */
  options: readonly string[]
  /** The prices of what goes beyond the plan's limits. */
  overage: readonly OveragePrice[]
  /** Checkout takes no prices of several intervals, so they are added to the subscription after the payment. */
  addsOverageLater: boolean
}

/** What is sold now. One trial a user, ever. */
export function termsOf(
  catalog: AnyCatalog,
  of: {
    target: Target
    currency: string | undefined
    trialUsed: boolean
    overage: readonly OveragePrice[]
  },
): Terms {
  const { target, currency = null, trialUsed, overage } = of
  const { plan, price } = target
  const trialDays = trialUsed ? 0 : planOf(catalog, plan).trialDays
  const options = Object.entries(catalog.checkout).flatMap(([name, isOn]) => (isOn ? [name] : []))
  const addsOverageLater = overage.length > 0 && target.interval !== 'month'
  return { plan, priceId: price.id, trialDays, currency, options, overage, addsOverageLater }
}

/** As metadata of a session. What is not set is left out: Stripe keeps no empty value. */
function written(terms: Terms): Record<string, string> {
  const { plan, priceId, trialDays, currency, options, overage } = terms
  return {
    plan,
    price: priceId,
    trialDays: String(trialDays),
    ...(currency && { currency }),
    ...(options.length > 0 && { options: options.join(' ') }),
    ...(overage.length > 0 && { overage: digestOf(overage) }),
  }
}

/** Their ids may be too long for the metadata. */
function digestOf(overage: readonly OveragePrice[]): string {
  const ids = overage.map(({ priceId }) => priceId).join(' ')
  return createHash('sha256').update(ids).digest('hex').slice(0, 16)
}

const TERMS = ['plan', 'price', 'trialDays', 'currency', 'options', 'overage']

/** Whether a session sells on these terms. */
export function isOn({ terms }: OpenSession, wanted: Terms): boolean {
  const asked = written(wanted)
  return TERMS.every((name) => terms[name] === asked[name])
}

export interface SessionInput {
  userId: string
  terms: Terms
  customerId: string
  /** Unique for the user. */
  attempt: number
  successUrl?: string | undefined
  cancelUrl?: string | undefined
}

/** A person waits for these calls. */
export const QUICK = { timeout: 10_000, maxNetworkRetries: 1 } as const

/** The sessions for a subscription in which this customer can still pay; none that the operator made by hand. */
export async function listOpenSessions(ctx: Context, customer: string): Promise<OpenSession[]> {
  return (await fetchOpen(ctx, customer)).flatMap(({ id, url, mode, metadata }) =>
    mode === 'subscription' && metadata?.['userId'] !== undefined && url !== null
      ? [{ sessionId: id, url, terms: metadata }]
      : [],
  )
}

/** Ends every session in which this customer can still pay, for whatever and by whomever it was made. */
export async function expireAllSessions(ctx: Context, customer: string): Promise<void> {
  for (const { id } of await fetchOpen(ctx, customer)) await expireSession(ctx, id)
}

/** The sessions in which this customer can still pay, for whatever and by whomever they were made. */
export async function fetchOpen(
  ctx: Context,
  customer: string,
): Promise<Stripe.Checkout.Session[]> {
  const { data } = await ctx.stripe.call((stripe) =>
    stripe.checkout.sessions.list({ customer, status: 'open', limit: 100 }, QUICK),
  )
  return data
}

/** Ends a session in which nobody paid. One that was paid, or has ended by itself, stays as it is. */
export async function expireSession(ctx: Context, sessionId: string): Promise<void> {
  try {
    await ctx.stripe.call((stripe) => stripe.checkout.sessions.expire(sessionId, {}, QUICK))
  } catch (error) {
    if (!(error instanceof TollgateError && error.code === 'STRIPE_REJECTED')) throw error
    ctx.log.info({ err: error, sessionId }, 'a checkout session was over already')
  }
}

/**
 * The catalogue's options for checkout, as Stripe names them. The tax depends on where the payer is and a tax id belongs
 * to a name, so what the payer enters there is kept on the customer: Stripe requires that of a customer that exists.
 */
export function optionsOf({ checkout }: AnyCatalog) {
  const { promotionCodes, automaticTax, taxIds } = checkout
  return {
    ...(promotionCodes && { allow_promotion_codes: true }),
    ...(automaticTax && { automatic_tax: { enabled: true } }),
    ...(taxIds && { tax_id_collection: { enabled: true } }),
    ...((automaticTax || taxIds) && {
      customer_update: {
        ...(automaticTax && { address: 'auto' as const }),
        ...(taxIds && { name: 'auto' as const }),
      },
    }),
  }
}

/** Creates the session. A repeat of the same attempt creates no second one. */
export async function createSession(ctx: Context, input: SessionInput): Promise<OpenSession> {
  const { userId, terms, customerId, attempt } = input
  const { plan, priceId, trialDays, currency, overage, addsOverageLater } = terms
  const metadata = { userId, ...written(terms) }
  const page = `${ctx.settings.appUrl}/billing`
  const session = await ctx.stripe.call((stripe) =>
    stripe.checkout.sessions.create(
      {
        mode: 'subscription',
        customer: customerId,
        ...(currency !== null && { currency }),
        line_items: [
          { price: priceId, quantity: 1 },
          ...(addsOverageLater ? [] : overage.map((each) => ({ price: each.priceId }))),
        ],
        ...optionsOf(ctx.catalog),
        success_url:
          input.successUrl ?? `${page}?checkout=success&session_id={CHECKOUT_SESSION_ID}`,
        cancel_url: input.cancelUrl ?? `${page}?checkout=canceled`,
        metadata,
        subscription_data: {
          metadata: { ...metadata, ...(addsOverageLater && { [OVERAGE_DUE]: plan }) },
          ...(trialDays > 0 && { trial_period_days: trialDays }),
        },
      },
      { ...QUICK, idempotencyKey: idempotencyKey('checkout', customerId, attempt) },
    ),
  )
  if (session.url === null) {
    throw new TollgateError('STRIPE_UNAVAILABLE', 'Stripe gave no page to pay on.')
  }
  return { sessionId: session.id, url: session.url, terms: metadata }
}
