import { BY_COUNTRY, countryOf } from './countries.ts'
import type { Decline } from './declines.ts'
import * as declines from './declines.ts'

/** When a card requires 3-D Secure. */
export type Authentication = 'never' | 'unless_set_up' | 'always'

/** How one of Stripe's test cards behaves. */
export interface TestCard {
  number: string
  brand: string
  country: string
  funding: 'credit' | 'debit' | 'prepaid'
  /** The decline when it is attached to a customer; null: none. */
  attachDecline: Decline | null
  chargeDecline: Decline | null
  authentication: Authentication
  /** The network that a co-branded card has beside its brand. */
  coBrand?: 'cartes_bancaires' | 'eftpos_australia'
  /** It counts as set up for off-session payments from the start. */
  setUp?: true
  /** The disputes that follow a captured charge; `inquiry`: no money is withdrawn yet. */
  disputes?: readonly { reason: 'fraudulent' | 'product_not_received'; inquiry: boolean }[]
  /** What happens to its refunds; missing: they succeed at once. */
  refund?: 'pending' | 'fails'
  /** The risk level of its charges; missing: normal. */
  risk?: 'elevated' | 'highest'
  /** The checks that fail, or that the bank does not make. */
  checks?: Partial<Record<'cvc' | 'line1' | 'zip', 'fail' | 'unavailable'>>
  /** Its charges are available in the balance at once. */
  bypassesPending?: true
  /** What the card causes on Stripe that is not emulated: using it is refused by that name. */
  gap?: string
}

type Behavior = Partial<Omit<TestCard, 'number'>>

/** A card: its number, the ends of its test ids (`visa` for `pm_card_visa` and `tok_visa`), and its behavior. */
type Row = readonly [number: string, ids: readonly string[], behavior?: Behavior]

const refused = (decline: Decline): Behavior => ({
  attachDecline: decline,
  chargeDecline: decline,
})
const debit: Behavior = { funding: 'debit' }
const fraudulent = { reason: 'fraudulent', inquiry: false } as const

/** Stripe's test cards, from docs.stripe.com/testing; a row with two ids has the one of an older page too. */
const ROWS: readonly Row[] = [
  ['4242424242424242', ['visa', 'us']],
  ['4000056655665556', ['visa_debit'], debit],
  ['5555555555554444', ['mastercard']],
  ['2223003122003222', []],
  ['5200828282828210', ['mastercard_debit'], debit],
  ['5105105105105100', ['mastercard_prepaid'], { funding: 'prepaid' }],
  ['371449635398431', ['amex']],
  ['378282246310005', ['amex_threeDSecureNotSupported']],
  ['6011000990139424', ['discover']],
  ['6011111111111117', []],
  ['6011981111111113', ['discover_debit'], debit],
  ['3056930009020004', ['diners']],
  ['36227206271667', []],
  ['6555900000604105', ['bccard']],
  ['3566002020360505', ['jcb']],
  ['3530111333300000', [], { country: 'JP' }],
  ['6200000000000005', ['unionpay']],
  ['6200000000000047', [], debit],
  ['6205500000000000004', []],
  ['4000002500001001', ['visa_cartesBancaires'], { coBrand: 'cartes_bancaires' }],
  ['5555552500001001', ['mastercard_cartesBancaires'], { coBrand: 'cartes_bancaires' }],
  ['4000050360000001', ['visa_debit_eftposAuCoBranded'], { ...debit, coBrand: 'eftpos_australia' }],
  [
    '5555050360000080',
    ['mastercard_debit_eftposAuCoBranded'],
    { ...debit, coBrand: 'eftpos_australia', country: 'AU' },
  ],
  ['4000058260000005', ['gb_debit'], debit],
  ['5555558265554449', ['gb_mastercard']],
  ['5200007840000022', ['ae_mastercard']],
  ['4000051230000072', [], { funding: 'prepaid' }],
  ['4000000000000077', ['bypassPending'], { bypassesPending: true }],
  ['4000003720000278', ['bypassPendingInternational'], { bypassesPending: true }],
  ['4000000000000002', ['visa_chargeDeclined', 'chargeDeclined'], refused(declines.GENERIC)],
  [
    '4000000000009995',
    ['visa_chargeDeclinedInsufficientFunds', 'chargeDeclinedInsufficientFunds'],
    refused(declines.FUNDS),
  ],
  [
    '4000000000009987',
    ['visa_chargeDeclinedLostCard', 'chargeDeclinedLostCard'],
    refused(declines.declined('lost_card')),
  ],
  [
    '4000000000009979',
    ['visa_chargeDeclinedStolenCard', 'chargeDeclinedStolenCard'],
    refused(declines.declined('stolen_card')),
  ],
  [
    '4000000000006975',
    ['visa_chargeDeclinedVelocityLimitExceeded', 'chargeDeclinedVelocityLimitExceeded'],
    refused(declines.declined('card_velocity_exceeded')),
  ],
  ['4000000000000069', ['chargeDeclinedExpiredCard'], refused(declines.EXPIRED)],
  ['4000000000000127', ['chargeDeclinedIncorrectCvc'], refused(declines.CVC)],
  ['4000000000000119', ['chargeDeclinedProcessingError'], refused(declines.PROCESSING)],
  ['4000000000000341', ['chargeCustomerFail'], { chargeDecline: declines.GENERIC }],
  [
    '4100000000000019',
    ['radarBlock', 'chargeDeclinedFraudulent'],
    { ...refused(declines.BLOCKED), risk: 'highest' },
  ],
  ['4000000000004954', ['riskLevelHighest'], { risk: 'highest' }],
  ['4000000000009235', ['riskLevelElevated'], { risk: 'elevated' }],
  ['4000000000000101', ['cvcCheckFail'], { checks: { cvc: 'fail' } }],
  ['4000000000000036', ['avsZipFail'], { checks: { zip: 'fail' } }],
  ['4000000000000028', ['avsLine1Fail'], { checks: { line1: 'fail' } }],
  ['4000000000000010', ['avsFail'], { checks: { line1: 'fail', zip: 'fail' } }],
  ['4000000000000044', ['avsUnchecked'], { checks: { line1: 'unavailable', zip: 'unavailable' } }],
  ['4000058400307872', ['cvcCheckFailElevatedRisk'], { checks: { cvc: 'fail' }, risk: 'elevated' }],
  ['4000058400306072', ['avsZipFailElevatedRisk'], { checks: { zip: 'fail' }, risk: 'elevated' }],
  ['4000000000000259', ['createDispute', 'visa_createDispute'], { disputes: [fraudulent] }],
  [
    '4000000000002685',
    ['createDisputeProductNotReceived', 'visa_createDisputeProductNotReceived'],
    { disputes: [{ reason: 'product_not_received', inquiry: false }] },
  ],
  [
    '4000000000001976',
    ['createDisputeInquiry', 'visa_createDisputeInquiry'],
    { disputes: [{ reason: 'fraudulent', inquiry: true }] },
  ],
  ['4000000404000079', ['createMultipleDisputes'], { disputes: [fraudulent, fraudulent] }],
  ['4000000000005423', ['createIssuerFraudRecord'], { gap: 'an early fraud warning' }],
  ['4000000404000038', ['createCe3EligibleDispute'], { gap: 'enhanced evidence of a dispute' }],
  ['4000008400000779', ['createComplianceDispute'], { gap: 'a compliance dispute' }],
  ['5105008400000002', ['createMastercardComplianceDispute'], { gap: 'a compliance dispute' }],
  ['4000000001000043', ['createAutoRepresentmentEligibleDispute'], { gap: 'Smart Disputes' }],
  ['4000000000007726', ['pendingRefund'], { refund: 'pending' }],
  ['4000000000005126', ['refundFail'], { refund: 'fails' }],
  ['4000002500003155', ['authenticationRequiredOnSetup'], { authentication: 'unless_set_up' }],
  ['4000002760003184', ['authenticationRequired'], { authentication: 'always' }],
  [
    '4000003800000446',
    ['authenticationRequiredSetupForOffSession'],
    { authentication: 'unless_set_up', setUp: true },
  ],
  [
    '4000008260003178',
    ['authenticationRequiredChargeDeclinedInsufficientFunds'],
    { authentication: 'unless_set_up', chargeDecline: declines.FUNDS },
  ],
  ['4000000000003220', ['threeDSecure2Required'], { authentication: 'unless_set_up' }],
  ['4000000000003063', ['threeDSecureRequired'], { authentication: 'unless_set_up' }],
  [
    '4000008400001629',
    ['threeDSecureRequiredChargeDeclined'],
    { authentication: 'unless_set_up', chargeDecline: declines.GENERIC },
  ],
  [
    '4000008400001280',
    ['threeDSecureRequiredProcessingError'],
    { gap: '3-D Secure that fails with a processing error' },
  ],
  ['4000000000003055', ['threeDSecureOptional']],
  ['4000000000003097', ['threeDSecureOptionalProcessingError']],
  ['4000582600000094', [], { authentication: 'unless_set_up' }],
  ['4000582600000045', [], { authentication: 'unless_set_up' }],
  ['4000582600000102', [], { authentication: 'unless_set_up' }],
  ['4000582600000110', [], { authentication: 'unless_set_up' }],
]

const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^4/, 'visa'],
  [/^(5[1-5]|2[2-7])/, 'mastercard'],
  [/^3[47]/, 'amex'],
  [/^35/, 'jcb'],
  [/^3[0689]/, 'diners'],
  [/^62/, 'unionpay'],
  [/^6/, 'discover'],
]

const CARDS = new Map(ROWS.map(([number, , behavior]) => [number, cardOf(number, behavior)]))

const NUMBERS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(BY_COUNTRY),
  ...ROWS.flatMap(([number, ids]) => ids.map((id) => [id, number] as const)),
])

function cardOf(number: string, behavior: Behavior = {}): TestCard {
  const brand = BRANDS.find(([pattern]) => pattern.test(number))?.[1] ?? 'unknown'
  // The debit cards of a country begin with 4000 05.
  const funding = /^400005(?!8400|1230)/.test(number) ? 'debit' : 'credit'
  const country = countryOf(number)
  const none = { attachDecline: null, chargeDecline: null, authentication: 'never' } as const
  return { number, brand, country, funding, ...none, ...behavior }
}

/** The test card behind `pm_card_…`, if there is one. */
export function testCardByMethod(id: string): TestCard | undefined {
  const number = id.startsWith('pm_card_') ? NUMBERS.get(id.slice('pm_card_'.length)) : undefined
  return number === undefined ? undefined : testCardByNumber(number)
}

/** The behaviour of a card number; a number that Stripe does not list always succeeds. */
export function testCardByNumber(number: string): TestCard {
  return CARDS.get(number) ?? cardOf(number)
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
