import type Stripe from 'stripe'
import { packLookupKey } from '../catalog/index.ts'
import { amountIn, PACK_MARK } from '../stripe/index.ts'

/** The id of a pack's product: a repeat finds it by this, whatever its name is by then. */
export function packProductId(pack: string): string {
  return packLookupKey(pack)
}

/** Why something under a pack's name is not to be used or changed: its metadata does not name the pack. Null: it does. */
export function packConflict(
  pack: string,
  { id, object, metadata }: Pick<Stripe.Price | Stripe.Product, 'id' | 'object' | 'metadata'>,
): string | null {
  const named = metadata[PACK_MARK]
  if (named === pack) return null
  const says = named === undefined ? 'names no pack' : `names ${JSON.stringify(named)}`
  return `the ${object} ${id} for ${packLookupKey(pack)} ${says} in its metadata.${PACK_MARK}`
}

/** The amounts in which a price differs from the catalogue's, or that it lacks: `1500 usd`. Empty where it is equal. */
export function otherPackAmounts(
  price: Stripe.Price,
  declared: Readonly<Record<string, number>>,
): string[] {
  return Object.entries(declared)
    .filter(([currency, amount]) => amountIn(price, currency) !== amount)
    .map(([currency, amount]) => `${amount} ${currency}`)
}
