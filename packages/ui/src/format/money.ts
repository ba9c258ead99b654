/**
 * Currencies whose amounts at Stripe do not have two decimals. ISK and UGX are used without decimals, but Stripe
 * counts them in hundredths. Source: docs.stripe.com/currencies, "Zero-decimal", "Three-decimal", "Special cases".
 */
const NO_DECIMALS = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ')
const THREE_DECIMALS = 'bhd jod kwd omr tnd'.split(' ')
const WHOLE_BUT_HUNDREDTHS = 'isk ugx'.split(' ')

/** An amount in the currency's minor unit, as a person reads it: `$49.00`, `¥500`. */
export function formatMoney(amountMinor: number, currency: string): string {
  const code = currency.toLowerCase()
  const decimals = decimalsOf(code)
  const digits = WHOLE_BUT_HUNDREDTHS.includes(code) ? 0 : decimals
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: code,
    minimumFractionDigits: digits,
    maximumFractionDigits: decimals,
  }).format(amountMinor / 10 ** decimals)
}

/** As `formatMoney`, but without decimals that are all zero: `$49`, `$49.50`. For prices of plans. */
export function formatPrice(amountMinor: number, currency: string): string {
  const whole = amountMinor % 10 ** decimalsOf(currency.toLowerCase()) === 0
  const text = formatMoney(amountMinor, currency)
  return whole ? text.replace(/\.0+(?=\D*$)/, '') : text
}

/** How often a price is paid: `a month`, `a year`, `every 3 months`. */
export function formatInterval(interval: string, count = 1): string {
  return count === 1 ? `a ${interval}` : `every ${count} ${interval}s`
}

/** What a subscription costs, and for how many: `$245 a month (5 × $49)`. Null where its price has no fixed amount. */
export function formatCharge(price: {
  currency: string
  unitAmount: number
  quantity: number
  amount: number | null
  interval: string
  intervalCount: number
}): string | null {
  const { currency, unitAmount, quantity, amount, interval, intervalCount } = price
  if (amount === null) return null
  const all = `${formatPrice(amount, currency)} ${formatInterval(interval, intervalCount)}`
  return quantity === 1 ? all : `${all} (${quantity} × ${formatPrice(unitAmount, currency)})`
}

function decimalsOf(code: string): number {
  if (NO_DECIMALS.includes(code)) return 0
  return THREE_DECIMALS.includes(code) ? 3 : 2
}
