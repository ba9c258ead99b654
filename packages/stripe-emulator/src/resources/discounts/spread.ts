import type { Worth } from './coupons/coupon.ts'

/** A line that discounts take something off. */
export interface DiscountedLine {
  /** What the line costs before discounts, in the minor unit. */
  amount: number
  product: string | null
  discountable: boolean
  /** The discounts of the line itself. */
  discounts: readonly string[]
}

/** A discount that is spread over lines. */
export interface SpreadDiscount {
  id: string
  worth: Worth
  /** The products that it applies to; null: all. */
  products: readonly string[] | null
  /** Whether it is a discount of single lines, which name it, or of all lines. */
  ofLines: boolean
}

/** What a discount takes off a line. */
export interface DiscountAmount {
  amount: number
  discount: string
}

/**
 * What each discount takes off each line. Discounts of lines come before discounts of all lines, each in the order
 * given, and each is on what the ones before it left. An amount is taken once, spread in proportion to what is
 * left of the lines, and to the cent: the sum over the lines is exact. Nothing goes below 0. A line that is not
 * discountable has each of its discounts with the amount 0, as Stripe shows it.
 */
export function spreadDiscounts(
  lines: readonly DiscountedLine[],
  discounts: readonly SpreadDiscount[],
): DiscountAmount[][] {
  const left = lines.map(({ amount, discountable }) => (discountable ? Math.max(0, amount) : 0))
  const taken: DiscountAmount[][] = lines.map(() => [])
  const inOrder = [
    ...discounts.filter(({ ofLines }) => ofLines),
    ...discounts.filter(({ ofLines }) => !ofLines),
  ]
  for (const discount of inOrder) {
    const bases = lines.map((line, index) => (appliesTo(discount, line) ? (left[index] ?? 0) : 0))
    const shares = inProportion(amountOff(discount.worth, sum(bases)), bases)
    for (const [index, line] of lines.entries()) {
      const amount = shares[index] ?? 0
      left[index] = (left[index] ?? 0) - amount
      if (!isShownOn(discount, line)) continue
      taken[index]?.push({ amount, discount: discount.id })
    }
  }
  return taken
}

function isShownOn(discount: SpreadDiscount, line: DiscountedLine): boolean {
  return !discount.ofLines || line.discounts.includes(discount.id)
}

function appliesTo(discount: SpreadDiscount, line: DiscountedLine): boolean {
  const { products } = discount
  const fits = products === null || (line.product !== null && products.includes(line.product))
  return fits && isShownOn(discount, line)
}

function amountOff(worth: Worth, base: number): number {
  if (!('percentOff' in worth)) return Math.min(worth.amountOff ?? 0, base)
  const hundredths = BigInt(Math.round(worth.percentOff * 100))
  return Number((2n * BigInt(base) * hundredths + 10_000n) / 20_000n)
}

/** Divides a total in proportion to bases; the cents that rounding leaves go to the largest remainders. */
export function inProportion(total: number, bases: readonly number[]): number[] {
  const whole = sum(bases)
  if (whole === 0) return bases.map(() => 0)
  const parts = bases.map((base, index) => {
    const product = BigInt(total) * BigInt(base)
    return { index, share: Number(product / BigInt(whole)), rest: product % BigInt(whole) }
  })
  let missing = total - sum(parts.map(({ share }) => share))
  const byRest = [...parts].sort((a, b) =>
    a.rest === b.rest ? a.index - b.index : a.rest < b.rest ? 1 : -1,
  )
  for (const part of byRest) {
    if (missing === 0) break
    part.share += 1
    missing -= 1
  }
  return parts.map(({ share }) => share)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
