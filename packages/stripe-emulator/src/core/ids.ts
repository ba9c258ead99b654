import { randomBytes } from 'node:crypto'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const UPPER = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

const POOL_BYTES = 8192
let pool = randomBytes(POOL_BYTES)
let used = 0

/** Random letters and digits. */
export function token(length: number): string {
  return randomText(length, BASE62)
}

/** Random bytes are drawn in blocks: one call per id took a tenth of the time of a year of renewals. */
function randomText(length: number, alphabet: string): string {
  if (used + length > POOL_BYTES) {
    pool = randomBytes(POOL_BYTES)
    used = 0
  }
  let text = ''
  for (const byte of pool.subarray(used, used + length)) text += alphabet[byte % alphabet.length]
  used += length
  return text
}

/** An id in Stripe's short form, for customers and subscription items: `cus_` + 14 (docs/stripe.md, fact 19). */
export function shortId(prefix: string): string {
  return `${prefix}_${token(14)}`
}

/** An id in Stripe's long form, for most objects: `sub_1` + 23. */
export function longId(prefix: string): string {
  return `${prefix}_1${token(23)}`
}

/** An id in the form of payments: `pi_3` + 23. */
export function paymentId(prefix: string): string {
  return `${prefix}_3${token(23)}`
}

/** The id of a Checkout session in test mode: `cs_test_` + 58. */
export function checkoutSessionId(): string {
  return `cs_test_a1${token(56)}`
}

/** Random capital letters and digits: what a customer's invoice numbers begin with, and promotion codes. */
export function upperToken(length: number): string {
  return randomText(length, UPPER)
}

/** The eight characters that a customer's invoice numbers begin with. */
export function invoicePrefix(): string {
  return upperToken(8)
}

/** Random digits, such as the authorization codes of banks. */
export function digits(length: number): string {
  return randomText(length, '0123456789')
}
