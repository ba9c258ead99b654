/** Why a card is declined, in the words of Stripe's error objects and charges. */
export interface Decline {
  code: string
  declineCode: string | null
  message: string
}

/** When a card requires 3-D Secure. */
export type Authentication = 'never' | 'unless_set_up' | 'always'

/** How one of Stripe's test cards behaves. */
export interface TestCard {
  number: string
  brand: string
  /** Its test payment method: `pm_card_visa`. */
  methodId: string | null
  /** The decline when it is attached to a customer; null: none. */
  attachDecline: Decline | null
  chargeDecline: Decline | null
  authentication: Authentication
}

const GENERIC = declined('generic_decline')
const FUNDS = declined('insufficient_funds', 'Your card has insufficient funds.')
const LOST = declined('lost_card')
const STOLEN = declined('stolen_card')
const FRAUD = declined('fraudulent')
const EXPIRED: Decline = {
  code: 'expired_card',
  declineCode: 'expired_card',
  message: 'Your card has expired.',
}
const CVC: Decline = {
  code: 'incorrect_cvc',
  declineCode: 'incorrect_cvc',
  message: "Your card's security code is incorrect.",
}
const PROCESSING: Decline = {
  code: 'processing_error',
  declineCode: 'processing_error',
  message: 'An error occurred while processing your card. Try again in a little bit.',
}

/** Stripe's test cards, from docs.stripe.com/testing. */
const TEST_CARDS: readonly TestCard[] = [
  good(['4242424242424242', 'visa', 'pm_card_visa']),
  good(['4000056655665556', 'visa', 'pm_card_visa_debit']),
  good(['5555555555554444', 'mastercard', 'pm_card_mastercard']),
  good(['5200828282828210', 'mastercard', 'pm_card_mastercard_debit']),
  good(['378282246310005', 'amex', 'pm_card_amex']),
  good(['6011111111111117', 'discover', 'pm_card_discover']),
  good(['3056930009020004', 'diners', 'pm_card_diners']),
  good(['3566002020360505', 'jcb', 'pm_card_jcb']),
  good(['4000000000000077', 'visa', 'pm_card_bypassPending']),
  refused(['4000000000000002', 'visa', 'pm_card_chargeDeclined'], GENERIC),
  refused(['4000000000000002', 'visa', 'pm_card_visa_chargeDeclined'], GENERIC),
  refused(['4000000000009995', 'visa', 'pm_card_chargeDeclinedInsufficientFunds'], FUNDS),
  refused(['4000000000009987', 'visa', 'pm_card_chargeDeclinedLostCard'], LOST),
  refused(['4000000000009979', 'visa', 'pm_card_chargeDeclinedStolenCard'], STOLEN),
  refused(['4100000000000019', 'visa', 'pm_card_chargeDeclinedFraudulent'], FRAUD),
  refused(['4000000000000069', 'visa', 'pm_card_chargeDeclinedExpiredCard'], EXPIRED),
  refused(['4000000000000127', 'visa', 'pm_card_chargeDeclinedIncorrectCvc'], CVC),
  refused(['4000000000000119', 'visa', 'pm_card_chargeDeclinedProcessingError'], PROCESSING),
  { ...good(['4000000000000341', 'visa', 'pm_card_chargeCustomerFail']), chargeDecline: GENERIC },
  good(['4000002500003155', 'visa', 'pm_card_authenticationRequiredOnSetup'], 'unless_set_up'),
  good(['4000002760003184', 'visa', 'pm_card_authenticationRequired'], 'always'),
  good(['4000000000003220', 'visa', 'pm_card_threeDSecure2Required'], 'unless_set_up'),
  { ...good(['4000008260003178', 'visa', null], 'unless_set_up'), chargeDecline: FUNDS },
]

const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^4/, 'visa'],
  [/^(5[1-5]|2[2-7])/, 'mastercard'],
  [/^3[47]/, 'amex'],
  [/^6/, 'discover'],
]

/** The test card behind `pm_card_…`, if there is one. */
export function testCardByMethod(id: string): TestCard | undefined {
  return TEST_CARDS.find((card) => card.methodId === id)
}

type Row = readonly [number: string, brand: string, methodId: string | null]

function good([number, brand, methodId]: Row, authentication: Authentication = 'never'): TestCard {
  return { number, brand, methodId, attachDecline: null, chargeDecline: null, authentication }
}

function refused(row: Row, decline: Decline): TestCard {
  return { ...good(row), attachDecline: decline, chargeDecline: decline }
}

function declined(declineCode: string, message = 'Your card was declined.'): Decline {
  return { code: 'card_declined', declineCode, message }
}

/** The behaviour of a card number; a number that Stripe does not list always succeeds. */
export function testCardByNumber(number: string): TestCard {
  const known = TEST_CARDS.find((card) => card.number === number)
  const brand = BRANDS.find(([pattern]) => pattern.test(number))?.[1] ?? 'unknown'
  return known ?? good([number, brand, null])
}

/** The check digit of card numbers (Luhn). */
export function isCardNumber(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false
  let sum = 0
  for (const [index, digit] of [...number].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
    sum += value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}
