import { invalidRequest } from '../../../core/errors.ts'
import type { PriceTier } from '../../../documents.ts'
import type { TierParam } from './price-params.ts'

/** An amount as both of its fields: the whole number (null where it has a fraction), and the decimal. */
export interface AmountPair {
  whole: number | null
  decimal: string
}

/** The amount of a pair of parameters, `name` and `name_decimal`; null: neither is given. Throws 400 for both. */
export function amountPair(
  given: { whole?: number | undefined; decimal?: string | undefined },
  { name, param = name }: { name: string; param?: string },
): AmountPair | null {
  const { whole, decimal } = given
  if (whole !== undefined && decimal !== undefined) {
    throw invalidRequest(
      `You may only specify one of these parameters: ${name}, ${name}_decimal.`,
      { param },
    )
  }
  if (whole !== undefined) return { whole, decimal: String(whole) }
  if (decimal === undefined) return null
  return { whole: decimal.includes('.') ? null : Number(decimal), decimal }
}

/** The tiers of a price from its parameters. Throws 400 where they are not ascending up to one without a bound. */
export function tiersOf(params: readonly TierParam[], param: string): PriceTier[] {
  if (params.length === 0) throw invalidRequest('Invalid array', { param })
  const tiers = params.map((one, index) => tierOf(one, `${param}[${index}]`))
  checkBounds(tiers, param)
  return tiers
}

function tierOf(given: TierParam, param: string): PriceTier {
  const flat = amountPair(
    { whole: given.flat_amount, decimal: given.flat_amount_decimal },
    { name: 'flat_amount', param: `${param}[flat_amount]` },
  )
  const unit = amountPair(
    { whole: given.unit_amount, decimal: given.unit_amount_decimal },
    { name: 'unit_amount', param: `${param}[unit_amount]` },
  )
  if (flat === null && unit === null) {
    throw invalidRequest('An entry in the tiers array is missing an amount.', { param })
  }
  return {
    flat_amount: flat?.whole ?? null,
    flat_amount_decimal: flat?.decimal ?? null,
    unit_amount: unit?.whole ?? null,
    unit_amount_decimal: unit?.decimal ?? null,
    up_to: given.up_to === 'inf' ? null : given.up_to,
  }
}

function checkBounds(tiers: readonly PriceTier[], param: string): void {
  let below = 0
  for (const [index, { up_to: end }] of tiers.entries()) {
    const isLast = index === tiers.length - 1
    if (isLast !== (end === null)) {
      throw invalidRequest(
        'The last entry of the tiers array, and only that one, must have `up_to` set to `inf`.',
        { param: isLast ? param : `${param}[${index}][up_to]` },
      )
    }
    if (end !== null && end <= below) {
      throw invalidRequest(
        'The `up_to` of each entry of the tiers array must be greater than that of the entry before.',
        { param: `${param}[${index}][up_to]` },
      )
    }
    below = end ?? below
  }
}
