/** Why a card is declined, in the words of Stripe's error objects and charges. */
export interface Decline {
  code: string
  declineCode: string | null
  message: string
  /** The `outcome` of the charge where Stripe itself blocks it; missing: the bank declines. */
  blocked?: true
}

export function declined(declineCode: string, message = 'Your card was declined.'): Decline {
  return { code: 'card_declined', declineCode, message }
}

export const GENERIC = declined('generic_decline')
export const FUNDS = declined('insufficient_funds', 'Your card has insufficient funds.')
export const BLOCKED: Decline = { ...declined('fraudulent'), blocked: true }
export const EXPIRED: Decline = {
  code: 'expired_card',
  declineCode: 'expired_card',
  message: 'Your card has expired.',
}
export const CVC: Decline = {
  code: 'incorrect_cvc',
  declineCode: 'incorrect_cvc',
  message: "Your card's security code is incorrect.",
}
export const PROCESSING: Decline = {
  code: 'processing_error',
  declineCode: 'processing_error',
  message: 'An error occurred while processing your card. Try again in a little bit.',
}
