import { invalidRequest } from '../../../core/errors.ts'
import { chargeStep, formatMoney, largestAmount } from '../../../core/money.ts'

/** The least that can be charged, in the minor unit (docs.stripe.com/currencies); other currencies are not checked. */
const LEAST: Readonly<Record<string, number>> = {
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
  usd: 50,
}

/** The least that can be charged in a currency, in the minor unit; 1 where Stripe's documentation names none. */
export function leastCharge(currency: string): number {
  return LEAST[currency] ?? 1
}

/** Throws 400 for an amount that cannot be charged, in Stripe's words. */
export function checkAmount(amount: number, currency: string): void {
  if (amount <= 0) {
    throw invalidRequest(
      'The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to save a Payment Method for future use without an immediate payment, use a Setup Intent instead: https://docs.stripe.com/payments/setup-intents',
      { code: 'parameter_invalid_integer', param: 'amount' },
    )
  }
  const least = leastCharge(currency)
  if (amount < least) {
    throw invalidRequest(`Amount must be at least ${formatMoney(least, currency)} ${currency}`, {
      code: 'amount_too_small',
      param: 'amount',
    })
  }
  checkWholeAmount(amount, { currency, param: 'amount' })
}

/** Throws 400 for an amount of too many digits, or with decimals that the currency does not have. */
export function checkWholeAmount(
  amount: number,
  { currency, param }: { currency: string; param: string },
): void {
  const largest = largestAmount(currency)
  if (amount > largest) {
    throw invalidRequest(`Amount must be no more than ${formatMoney(largest, currency)}`, {
      code: 'amount_too_large',
      param,
    })
  }
  const step = chargeStep(currency)
  if (amount % step === 0) return
  throw invalidRequest(`Amounts in ${currency.toUpperCase()} must be a multiple of ${step}.`, {
    param,
  })
}
