import { invalidRequest } from '../../../core/errors.ts'
import { formatMoney } from '../../../core/money.ts'
import type { CheckoutSession } from '../../../documents.ts'
import { leastCharge } from '../../payments/charges/amount-limits.ts'

/** Throws 400 for a one-time payment of more than nothing and less than a card can be charged. */
export function requireLeastAmount({ mode, currency, amount_total: total }: CheckoutSession): void {
  if (mode !== 'payment' || currency === null || total === null || total === 0) return
  const least = leastCharge(currency)
  if (total >= least) return
  throw invalidRequest(
    `The Checkout Session's total amount due must add up to at least ${formatMoney(least, currency)} ${currency}`,
    { code: 'amount_too_small' },
  )
}
