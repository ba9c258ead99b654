import { randomBytes } from 'node:crypto'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const UPPER = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

const POOL_BYTES = 8192
let pool = randomBytes(POOL_BYTES)
let used = 0

/** A random text of letters and digits. */
export function token(length: number): string {
  return randomText(length, BASE62)
}

/** Random bytes are drawn in stock: a call for each id would be a tenth of a year of renewals. */
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

/** An id of Stripe's short form, as customers and subscription items have: `cus_` + 14. */
export function shortId(prefix: string): string {
  return `${prefix}_${token(14)}`
}

/** An id of Stripe's long form, as most objects have: `sub_1` + 23. */
export function longId(prefix: string): string {
  return `${prefix}_1${token(23)}`
}

/** An id of the payments form: `pi_3` + 23. */
export function paymentId(prefix: string): string {
  return `${prefix}_3${token(23)}`
}

/** The id of a Checkout session in test mode: `cs_test_` + 58. */
export function checkoutSessionId(): string {
  return `cs_test_a1${token(56)}`
}

/** The eight letters that begin the numbers of a customer's invoices. */
export function invoicePrefix(): string {
  return randomText(8, UPPER)
}

/** A random text of digits, as banks give authorisations. */
export function digits(length: number): string {
  return randomText(length, '0123456789')
}
