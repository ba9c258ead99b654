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
  'ugx',
  'vnd',
  'vuv',
  'xaf',
  'xof',
  'xpf',
])

const formats = new Map<string, Intl.NumberFormat>()

/** Formats an amount in the currency's minor unit: `$25.00`, `¥2,500`. */
export function formatMoney(amountMinor: number, currency: string): string {
  const digits = ZERO_DECIMAL.has(currency) ? 0 : 2
  return formatOf(currency, digits).format(amountMinor / 10 ** digits)
}

function formatOf(currency: string, digits: number): Intl.NumberFormat {
  const known = formats.get(currency)
  if (known !== undefined) return known
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: currency.toUpperCase(),
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  formats.set(currency, format)
  return format
}

/** The share of an amount (0 or more) for `seconds` of a period `of` so many, rounded to the minor unit. */
export function proratedAmount(amountMinor: number, part: { seconds: number; of: number }): number {
  if (part.of <= 0) return 0
  const doubled = 2n * BigInt(amountMinor) * BigInt(part.seconds) + BigInt(part.of)
  return Number(doubled / (2n * BigInt(part.of)))
}

/** A day as Stripe writes it on invoices: `10 Nov 2025`. */
export function formatDay(date: Date): string {
  const month = date.toUTCString().slice(8, 11)
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`
}
