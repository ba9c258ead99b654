import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch } from '../../../core/errors.ts'
import type { Customer, PaymentMethod, SourceCard } from '../../../documents.ts'
import { changesBetween } from '../../events/changes.ts'
import { cardDeclineError, removeAsDefault } from './attach.ts'
import { testCardByNumber } from './cards/test-cards.ts'
import { createFromTestId } from './payment-method.ts'

/** The brand names of legacy sources. */
const BRANDS: Readonly<Record<string, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'MasterCard',
  visa: 'Visa',
}

/** A payment method as the legacy Sources API shows it: the same card under the same id. */
export function sourceOf(method: PaymentMethod): SourceCard {
  const { billing_details: billing, card } = method
  if (card === undefined) throw new Error(`${method.id} is not a card`)
  return {
    id: method.id,
    object: 'card',
    address_city: billing.address?.city ?? null,
    address_country: billing.address?.country ?? null,
    address_line1: billing.address?.line1 ?? null,
    address_line1_check: null,
    address_line2: billing.address?.line2 ?? null,
    address_state: billing.address?.state ?? null,
    address_zip: billing.address?.postal_code ?? null,
    address_zip_check: null,
    allow_redisplay: method.allow_redisplay ?? 'unspecified',
    brand: BRANDS[card.brand] ?? 'Unknown',
    country: card.country,
    customer: method.customer,
    cvc_check: card.checks?.cvc_check ?? null,
    dynamic_last4: null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    fingerprint: card.fingerprint ?? null,
    funding: card.funding,
    last4: card.last4,
    metadata: method.metadata,
    name: billing.name,
    regulated_status: card.regulated_status ?? null,
    tokenization_method: null,
  }
}

/** Creates a card for a test token such as `tok_visa`. Throws for any other token. */
export function createFromToken(
  ctx: Context,
  of: { token: string; param: string; prefix?: 'card' | 'pm' | undefined },
): PaymentMethod {
  if (of.token.startsWith('pm_')) {
    throw invalidRequest(`Invalid token id: ${of.token}`, { param: 'token' })
  }
  const method = of.token.startsWith('tok_')
    ? createFromTestId(ctx, of.token.replace('tok_', 'pm_card_'), of.prefix)
    : undefined
  if (method === undefined) throw noSuch('token', of.token, of.param)
  return method
}

/** The sources of a customer, newest first. */
export function sourcesOf(ctx: Context, customer: string): PaymentMethod[] {
  return ctx.store
    .find('payment_methods', { index: 'customer', key: customer })
    .filter((method) => method.id.startsWith('card_'))
}

/** A source of a customer. Throws 404. */
export function requireSource(ctx: Context, customer: string, id: string): PaymentMethod {
  const source = sourcesOf(ctx, customer).find((one) => one.id === id)
  if (source === undefined) throw noSuch('source', id)
  return source
}

/** Adds the card of a token to a customer. Throws 402 for a card that is always declined. */
export function addSource(ctx: Context, customer: Customer, token: string): PaymentMethod {
  const method = createFromToken(ctx, { token, param: 'source', prefix: 'card' })
  const card = ctx.store.get('cards', method.id)
  const decline = card === undefined ? null : testCardByNumber(card.number).attachDecline
  if (decline !== null) throw cardDeclineError(decline)
  const checked = method.card?.checks
  const source = ctx.patch('payment_methods', method.id, {
    customer: customer.id,
    ...(method.card === undefined || checked == null
      ? {}
      : { card: { ...method.card, checks: { ...checked, cvc_check: 'pass' } } }),
  })
  ctx.emit('customer.source.created', sourceOf(source))
  return source
}

/** Sets the default source of a customer. */
export function setDefaultSource(ctx: Context, customer: string, source: string | null): void {
  const before = ctx.store.get('customers', customer)
  if (before === undefined || before.default_source === source) return
  const after = ctx.patch('customers', customer, { default_source: source })
  ctx.emit('customer.updated', after, changesBetween(before, after))
}

/** Removes a source from its customer; another source becomes the default. */
export function removeSource(ctx: Context, customer: Customer, id: string): void {
  const source = requireSource(ctx, customer.id, id)
  ctx.patch('payment_methods', id, { customer: null })
  ctx.emit('customer.source.deleted', sourceOf(source))
  removeAsDefault(ctx, id, customer.id)
  if (customer.default_source !== id) return
  setDefaultSource(ctx, customer.id, sourcesOf(ctx, customer.id)[0]?.id ?? null)
}
