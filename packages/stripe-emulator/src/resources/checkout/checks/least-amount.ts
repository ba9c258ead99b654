import { invalidRequest } from '../../../core/errors.ts'
import { formatMoney } from '../../../core/money.ts'
import type { CheckoutSession } from '../../../documents.ts'

/** The least that a card can be charged, in the minor unit of the currency (docs.stripe.com/currencies). */
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

/** Throws 400 for a one-time payment of more than nothing and less than a card can be charged. */
export function requireLeastAmount({ mode, currency, amount_total: total }: CheckoutSession): void {
  const least = LEAST[currency ?? '']
  if (mode !== 'payment' || total === null || total === 0) return
  if (currency === null || least === undefined || total >= least) return
  throw invalidRequest(
    `The Checkout Session's total amount due must add up to at least ${formatMoney(least, currency)} ${currency}`,
    { code: 'amount_too_small' },
  )
}
