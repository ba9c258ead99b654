/** What a tax rate does to an amount. */
export interface Rate {
  /** Out of 100, with at most four decimals. */
  percentage: number
  inclusive: boolean
}

/** The tax of one rate on an amount, in the minor unit of its currency. */
export interface TaxAmount {
  amount: number
  /** What the tax is on: the amount without the taxes that it includes. */
  taxable: number
}

const STEPS = 10_000
const WHOLE = BigInt(100 * STEPS)

/**
 * The tax of each rate on the amount of one line. Each is rounded to the minor unit, halves away from zero; a negative
 * amount has negative taxes. Included taxes are taken out of the amount first, and exclusive taxes are on what is left
 * (rounding per line: docs.stripe.com/tax/rates/tax-rates; both kinds on one line: an assumption).
 */
export function taxAmounts(amount: number, rates: readonly Rate[]): TaxAmount[] {
  const included = rates.filter((rate) => rate.inclusive)
  const gross = included.reduce((sum, rate) => sum + steps(rate), WHOLE)
  const taxable = included.reduce((left, rate) => left - share(amount, steps(rate), gross), amount)
  return rates.map((rate) => ({
    amount: rate.inclusive ? share(amount, steps(rate), gross) : share(taxable, steps(rate), WHOLE),
    taxable,
  }))
}

function steps(rate: Rate): bigint {
  return BigInt(Math.round(rate.percentage * STEPS))
}

/** `amount * part / of`, rounded, halves away from zero. */
export function share(amount: number, part: bigint, of: bigint): number {
  const doubled = 2n * BigInt(Math.abs(amount)) * part + of
  const rounded = Number(doubled / (2n * of))
  return amount < 0 ? 0 - rounded : rounded
}
