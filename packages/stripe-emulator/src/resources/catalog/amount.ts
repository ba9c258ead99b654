import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import { decimalOf, decimalText, roundDecimal } from '../../core/money.ts'
import type { CurrencyOption, InvoiceItem, Price, PriceTier } from '../../documents.ts'

/** What is bought: how many, and in which currency; the price's own where none is given. */
export interface Purchase {
  /** Whole for what is sold by quantity; a sum of usage may have a fraction. */
  quantity: number
  currency?: string | undefined
}

/** One part of what a purchase costs; an invoice has a line for each (seen on invoices of Stripe). */
export interface Charge {
  /** In the minor unit of the currency, rounded half up. */
  amount: number
  /** The units that it is for: all of them, or those in its tier; 0 for the flat amount of a tier. */
  quantity: number
  /** The price of a unit, or the flat amount, in the minor unit. */
  unitAmount: string
  /** The tier, from 1; null: the price has no tiers. */
  tier: number | null
  /** Whether it is the flat amount of a tier, whatever the quantity. */
  isFlat: boolean
}

/** What a purchase costs in all, in the minor unit. The one place where a price becomes an amount. */
export function priceAmount(ctx: Context, price: Price, purchase: Purchase): number {
  return chargesOf(ctx, price, purchase).reduce((sum, charge) => sum + charge.amount, 0)
}

/**
 * The parts of what a purchase costs, at least one: the units and, where a tier has one, its flat amount. Graduated
 * tiers give parts for each tier that the quantity reaches, volume tiers for the one that it falls into. Throws 400
 * where the price has no amount in the currency.
 */
export function chargesOf(ctx: Context, price: Price, purchase: Purchase): Charge[] {
  const option = amountsIn(ctx, price, purchase.currency ?? price.currency)
  const quantity = decimalOf(String(purchase.quantity))
  if (price.billing_scheme !== 'tiered') {
    const units = price.transform_quantity === null ? quantity : packages(price, quantity)
    const unitAmount = option.unit_amount_decimal ?? '0'
    const amount = roundDecimal((decimalOf(unitAmount) * units) / decimalOf('1'))
    return [{ amount, quantity: purchase.quantity, unitAmount, tier: null, isFlat: false }]
  }
  const tiers = option.tiers ?? []
  return price.tiers_mode === 'volume' ? volume(tiers, quantity) : graduated(tiers, quantity)
}

/** The amounts of a price in a currency. Throws 400 where it has none. */
export function amountsIn(ctx: Context, price: Price, currency: string): CurrencyOption {
  const options = ctx.store.get('price_options', price.id)
  if (currency === price.currency) {
    return {
      custom_unit_amount: price.custom_unit_amount,
      tax_behavior: price.tax_behavior,
      ...(options?.tiers == null ? {} : { tiers: options.tiers }),
      unit_amount: price.unit_amount,
      unit_amount_decimal: price.unit_amount_decimal,
    }
  }
  const option = options?.currencies[currency]
  if (option !== undefined) return option
  throw wrongCurrency(ctx, price, { expected: currency })
}

/** Throws 400 where a price has no amount in a currency; `param` is the parameter that names the price. */
export function requireCurrency(
  ctx: Context,
  price: Price,
  wanted: { expected: string; param: string },
): void {
  if (!hasCurrency(ctx, price, wanted.expected)) throw wrongCurrency(ctx, price, wanted)
}

/** Whether a price has an amount in a currency. */
export function hasCurrency(ctx: Context, price: Price, currency: string): boolean {
  return currenciesOf(ctx, price).includes(currency)
}

/** The currencies of a price, its own first. */
export function currenciesOf(ctx: Context, price: Price): string[] {
  const options = ctx.store.get('price_options', price.id)
  return [price.currency, ...Object.keys(options?.currencies ?? {})]
}

function wrongCurrency(ctx: Context, price: Price, wanted: { expected: string; param?: string }) {
  const list = currenciesOf(ctx, price).map((currency) => `\`${currency}\``)
  return invalidRequest(
    `The price specified only supports ${list.join(', ')}. This doesn't match the expected currency: \`${wanted.expected}\`.`,
    wanted.param === undefined ? {} : { param: wanted.param },
  )
}

/** The packages of a quantity, each of `divide_by` units. */
function packages(price: Price, quantity: bigint): bigint {
  const { divide_by: size = 1, round = 'up' } = price.transform_quantity ?? {}
  const whole = decimalOf('1')
  const each = BigInt(size) * whole
  return (round === 'up' ? (quantity + each - 1n) / each : quantity / each) * whole
}

function volume(tiers: readonly PriceTier[], quantity: bigint): Charge[] {
  const index = tiers.findIndex((tier) => tier.up_to === null || quantity <= boundOf(tier))
  const tier = tiers[index]
  return tier === undefined ? [] : chargesInTier(tier, { number: index + 1, units: quantity })
}

/** Each unit costs what its tier says. A quantity of 0 reaches the first tier, whose flat amount is always charged. */
function graduated(tiers: readonly PriceTier[], quantity: bigint): Charge[] {
  let below = 0n
  return tiers.flatMap((tier, index) => {
    if (index > 0 && quantity <= below) return []
    const end = tier.up_to === null ? quantity : boundOf(tier)
    const units = (quantity < end ? quantity : end) - below
    below = end
    return chargesInTier(tier, { number: index + 1, units })
  })
}

function boundOf(tier: PriceTier): bigint {
  return decimalOf(String(tier.up_to ?? 0))
}

function chargesInTier(tier: PriceTier, at: { number: number; units: bigint }): Charge[] {
  const unitAmount = tier.unit_amount_decimal ?? '0'
  const perUnit = {
    amount: roundDecimal((decimalOf(unitAmount) * at.units) / decimalOf('1')),
    quantity: Number(decimalText(at.units)),
    unitAmount,
    tier: at.number,
    isFlat: false,
  }
  const flat = tier.flat_amount_decimal
  if (flat === null) return [perUnit]
  const amount = roundDecimal(decimalOf(flat))
  return [perUnit, { amount, quantity: 0, unitAmount: flat, tier: at.number, isFlat: true }]
}

/** The price of an invoice item or a line, as invoices show it. `unitAmount`: in the currency of the invoice. */
export function pricingOf(
  price: Price,
  unitAmount: string | null,
): NonNullable<InvoiceItem['pricing']> {
  return {
    price_details: { price: price.id, product: price.product },
    type: 'price_details',
    unit_amount_decimal: unitAmount,
  }
}
