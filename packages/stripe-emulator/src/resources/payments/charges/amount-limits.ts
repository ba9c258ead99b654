import { invalidRequest } from '../../../core/errors.ts'
import { formatMoney, largestAmount, smallestCharge } from '../../../core/money.ts'

/** Throws 400 for an amount that cannot be charged, in Stripe's words. */
export function checkAmount(amount: number, currency: string): void {
  if (amount <= 0) {
    throw invalidRequest(
      'The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to save a Payment Method for future use without an immediate payment, use a Setup Intent instead: https://docs.stripe.com/payments/setup-intents',
      { code: 'parameter_invalid_integer', param: 'amount' },
    )
  }
  if (amount < smallestCharge(currency)) {
    throw invalidRequest(
      `Amount must be at least ${formatMoney(smallestCharge(currency), currency)} ${currency}`,
      { code: 'amount_too_small', param: 'amount' },
    )
  }
  const most = largestAmount(currency)
  if (amount > most) {
    throw invalidRequest(`Amount must be no more than ${formatMoney(most, currency)}`, {
      code: 'amount_too_large',
      param: 'amount',
    })
  }
}
