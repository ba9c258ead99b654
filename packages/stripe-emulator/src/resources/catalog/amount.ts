import type { Price } from '../../documents.ts'

/** What a quantity of a price costs, in the minor unit of its currency. The one place where a price becomes an amount. */
export function priceAmount(price: Price, quantity: number): number {
  return (price.unit_amount ?? 0) * quantity
}
