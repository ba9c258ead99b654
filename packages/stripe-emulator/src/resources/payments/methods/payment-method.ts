import { createHash } from 'node:crypto'
import { BLANK_ADDRESS } from '../../../core/address.ts'
import { fromSeconds } from '../../../core/clock.ts'
import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch, notEmulated, notFound, StripeError } from '../../../core/errors.ts'
import { longId } from '../../../core/ids.ts'
import type { PaymentMethod } from '../../../documents.ts'
import { isCardNumber, testCardByMethod, testCardByNumber } from './cards/test-cards.ts'

/** The card data of a new payment method. */
export interface CardDetails {
  number: string
  expMonth: number
  expYear: number
  cvc: string | undefined
}

/** How Stripe names a brand to customers, where it differs. */
const DISPLAY_BRANDS: Readonly<Record<string, string>> = {
  amex: 'american_express',
  diners: 'diners_club',
  unionpay: 'union_pay',
}

/** Throws 402 for an invalid card: number, date or security code. */
export function checkCard(ctx: Context, card: CardDetails): void {
  if (!isCardNumber(card.number)) {
    throw cardError('incorrect_number', 'Your card number is incorrect.', 'number')
  }
  if (card.expMonth < 1 || card.expMonth > 12) {
    throw cardError('invalid_expiry_month', "Your card's expiration month is invalid.", 'exp_month')
  }
  const nextMonth = Date.UTC(card.expYear, card.expMonth, 1) / 1000
  // No card is valid for more than 50 years (assumed).
  if (nextMonth <= ctx.now || card.expYear > new Date(ctx.now * 1000).getUTCFullYear() + 50) {
    throw cardError('invalid_expiry_year', "Your card's expiration year is invalid.", 'exp_year')
  }
  if (card.cvc !== undefined && !/^\d{3,4}$/.test(card.cvc)) {
    throw cardError('invalid_cvc', "Your card's security code is invalid.", 'cvc')
  }
}

function cardError(code: string, message: string, param: string): StripeError {
  return new StripeError(402, { type: 'card_error', code, message, param })
}

/**
 * Creates a payment method for a card, not attached to a customer. The card number is stored apart and never
 * returned. `prefix` of its id: `card` for a legacy source.
 */
export function createCardMethod(
  ctx: Context,
  card: CardDetails,
  prefix: 'card' | 'pm' = 'pm',
): PaymentMethod {
  const test = testCardByNumber(card.number)
  const { brand, country, funding, coBrand } = test
  if (test.gap !== undefined) {
    throw notEmulated(`what this test card causes (${test.gap})`)
  }
  const method = ctx.store.put('payment_methods', {
    id: longId(prefix),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: BLANK_ADDRESS, email: null, name: null, phone: null, tax_id: null },
    card: {
      brand,
      checks: {
        address_line1_check: null,
        address_postal_code_check: null,
        cvc_check: card.cvc === undefined ? null : 'unchecked',
      },
      country,
      display_brand: DISPLAY_BRANDS[brand] ?? brand,
      exp_month: card.expMonth,
      exp_year: card.expYear,
      fingerprint: createHash('sha256').update(card.number).digest('base64url').slice(0, 16),
      funding,
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: coBrand === undefined ? [brand] : [coBrand, brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: ctx.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  })
  const authenticated = test.setUp === true
  ctx.store.put('cards', { id: method.id, number: card.number, authenticated })
  return method
}

/** Creates a payment method for a test id such as `pm_card_visa`; undefined for other ids. */
export function createFromTestId(
  ctx: Context,
  id: string,
  prefix: 'card' | 'pm' = 'pm',
): PaymentMethod | undefined {
  const card = testCardByMethod(id)
  if (card === undefined) return undefined
  const today = fromSeconds(ctx.now)
  const details = {
    number: card.number,
    expMonth: today.getUTCMonth() + 1,
    expYear: today.getUTCFullYear() + 1,
    cvc: '314',
  }
  return createCardMethod(ctx, details, prefix)
}

/** A payment method. Throws 404, or 400 where `param` names it. */
export function requirePaymentMethod(ctx: Context, id: string, param?: string): PaymentMethod {
  const method = ctx.store.get('payment_methods', id)
  if (method !== undefined) return method
  if (param === undefined) throw notFound('PaymentMethod', id, 'payment_method')
  throw noSuch('PaymentMethod', id, param)
}

/** Throws 400 for a payment method that was used without a customer or detached from one (fact 32). */
export function requireUsable(ctx: Context, method: PaymentMethod): void {
  if (ctx.store.get('cards', method.id)?.spent !== true || method.customer !== null) return
  throw invalidRequest(
    'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.',
  )
}

type Checks = NonNullable<NonNullable<PaymentMethod['card']>['checks']>

/** What the bank says of a card's address and security code when it is used; null: it was not asked. */
export function checksOf(ctx: Context, method: PaymentMethod): Checks {
  const { checks = {} } = testCardByNumber(ctx.store.get('cards', method.id)?.number ?? '')
  const { address } = method.billing_details
  return {
    address_line1_check: address?.line1 == null ? null : (checks.line1 ?? 'pass'),
    address_postal_code_check: address?.postal_code == null ? null : (checks.zip ?? 'pass'),
    cvc_check: checks.cvc ?? 'pass',
  }
}

/** A payment method that is attached to a given customer. Throws 400 (404 where it does not exist). */
export function requireOwnMethod(
  ctx: Context,
  of: { id: string; customer: string },
  param = 'id',
): PaymentMethod {
  const method = requirePaymentMethod(ctx, of.id, param)
  if (method.customer === of.customer) return method
  throw invalidRequest(
    `The customer does not have a payment method with the ID ${of.id}. The payment method must be attached to the customer.`,
    { code: 'resource_missing', param },
  )
}
