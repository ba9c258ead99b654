/** How many decimals of the minor unit Stripe takes in the price of one (`unit_amount_decimal`). */
const PLACES = 12
const SCALE = 10n ** BigInt(PLACES)

/**
 * What one unit costs where `per` of them cost `price`, in the minor unit, as a decimal text without trailing zeros.
 * Null where it has more than 12 decimals, so that no rounding decides what is paid. Both are whole numbers, `per` above 0.
 */
export function exactUnitPrice(price: number, per: number): string | null {
  const scaled = BigInt(price) * SCALE
  if (scaled % BigInt(per) !== 0n) return null
  const digits = (scaled / BigInt(per)).toString().padStart(PLACES + 1, '0')
  const whole = digits.slice(0, -PLACES)
  const decimals = digits.slice(-PLACES).replace(/0+$/, '')
  return decimals === '' ? whole : `${whole}.${decimals}`
}
