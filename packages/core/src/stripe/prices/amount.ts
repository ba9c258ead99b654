import type Stripe from 'stripe'

/** A price as far as its amount goes. */
export type PriceAmount = Pick<Stripe.Price, 'currency' | 'unit_amount'> &
  Partial<
    Pick<Stripe.Price, 'billing_scheme' | 'transform_quantity' | 'recurring' | 'currency_options'>
  >

/**
 * What one of a price costs in a currency, in its minor unit. Null where there is no such amount: the price is not sold
 * in that currency, or it has tiers, packages, a part of the minor unit, or is billed by use. `currency_options` has to
 * be expanded where the currency may be another than the price's own (docs/stripe.md, fact 39).
 */
export function amountIn(price: PriceAmount, currency: string): number | null {
  if (!hasUnitAmount(price)) return null
  if (price.currency === currency) return price.unit_amount
  const option = price.currency_options?.[currency]
  return option?.tiers?.length ? null : (option?.unit_amount ?? null)
}

/** Whether what is paid is one amount for each. */
export function hasUnitAmount(price: PriceAmount): boolean {
  const { billing_scheme: scheme, transform_quantity: packages, recurring } = price
  return scheme !== 'tiered' && !packages && recurring?.usage_type !== 'metered'
}

/** The amounts of a price in its further currencies. */
export function otherAmounts(price: PriceAmount): Record<string, number> {
  const others = Object.keys(price.currency_options ?? {}).filter((each) => each !== price.currency)
  const amounts = others.flatMap((currency) => {
    const amount = amountIn(price, currency)
    return amount === null ? [] : [[currency, amount] as const]
  })
  return Object.fromEntries(amounts)
}
