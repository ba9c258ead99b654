const ZERO_DECIMAL = new Set([
  'bif',
  'clp',
  'djf',
  'gnf',
  'jpy',
  'kmf',
  'krw',
  'mga',
  'pyg',
  'rwf',
  'vnd',
  'vuv',
  'xaf',
  'xof',
  'xpf',
])

const THREE_DECIMAL = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd'])

/** Without decimals, but written with two: the last two digits are 0 (docs.stripe.com/currencies, special cases). */
const WHOLE_ONLY = new Set(['isk', 'ugx'])

/** The decimals of a currency's minor unit: 2 for cents, 0 for yen, 3 for fils. */
function minorDigits(currency: string): number {
  if (ZERO_DECIMAL.has(currency)) return 0
  return THREE_DECIMAL.has(currency) ? 3 : 2
}

/** What every amount that is charged in a currency is a multiple of: 10 where it has three decimals. */
export function chargeStep(currency: string): 1 | 10 | 100 {
  if (WHOLE_ONLY.has(currency)) return 100
  return THREE_DECIMAL.has(currency) ? 10 : 1
}

/** The digits of the largest amounts (docs.stripe.com/currencies); eight in other currencies. */
const MOST_DIGITS: Readonly<Record<string, number>> = {
  cop: 10,
  huf: 10,
  idr: 12,
  inr: 9,
  jpy: 10,
  lbp: 12,
}

/** The largest amount of a price or a charge in a currency, in its minor unit. */
export function largestAmount(currency: string): number {
  return 10 ** (MOST_DIGITS[currency] ?? 8) - 1
}

/** The places of a decimal amount. */
export const DECIMAL_PLACES = 12
const ONE = 10n ** BigInt(DECIMAL_PLACES)

/** A decimal number, exactly: as a count of 10^-12. `decimal`: digits, with at most twelve after the point. */
export function decimalOf(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.')
  const units = BigInt(`${whole}${fraction.padEnd(DECIMAL_PLACES, '0')}`)
  return decimal.startsWith('-') ? -units : units
}

/** The shortest text of a decimal number: `1.5`, `-0.002`, `3`. */
export function decimalText(units: bigint): string {
  return pointText(units, DECIMAL_PLACES)
}

function pointText(units: bigint, places: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '')
  const whole = digits.slice(0, digits.length - places)
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** A decimal number rounded to a whole one, a half away from zero. */
export function roundDecimal(units: bigint): number {
  const rounded = ((units < 0n ? -units : units) * 2n + ONE) / (2n * ONE)
  return Number(units < 0n ? -rounded : rounded)
}

const formats = new Map<string, Intl.NumberFormat>()

/** Formats an amount in the currency's minor unit: `$25.00`, `¥2,500`. */
export function formatMoney(amountMinor: number, currency: string): string {
  return formatUnitMoney(String(amountMinor), currency)
}

/** Formats a decimal amount in the currency's minor unit, with all its places: `$25.00`, `$0.036`. */
export function formatUnitMoney(decimalMinor: string, currency: string): string {
  const major = pointText(decimalOf(decimalMinor), DECIMAL_PLACES + minorDigits(currency))
  // Stripe has currencies of four letters (`usdc`), which Intl does not know.
  if (currency.length !== 3) return `${major} ${currency.toUpperCase()}`
  // A text keeps every digit, which a number would not. It is digits and a point.
  return formatOf(currency).format(major as `${number}`)
}

function formatOf(currency: string): Intl.NumberFormat {
  const known = formats.get(currency)
  if (known !== undefined) return known
  const digits = minorDigits(currency)
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: currency.toUpperCase(),
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits + DECIMAL_PLACES,
  })
  formats.set(currency, format)
  return format
}

/**
 * The share of an amount for `seconds` of a period `of` so many, rounded to the minor unit; a half goes down, so that a
 * credit of 2.5 is 3 and a charge of 4.5 is 4 (probed).
 */
export function proratedAmount(amountMinor: number, part: { seconds: number; of: number }): number {
  if (part.of <= 0) return 0
  const of = BigInt(part.of)
  const doubled = 2n * BigInt(amountMinor) * BigInt(part.seconds) - of
  return Number(divideUp(doubled, 2n * of))
}

function divideUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  return dividend > 0n && dividend % divisor !== 0n ? quotient + 1n : quotient
}

/** A day as Stripe writes it on invoices: `10 Nov 2025`. */
export function formatDay(date: Date): string {
  const month = date.toUTCString().slice(8, 11)
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`
}
