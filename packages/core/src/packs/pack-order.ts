import type { AnyCatalog } from '../catalog/index.ts'
import { invalid, TollgateError } from '../errors.ts'
import { PACK_MARK } from '../stripe/index.ts'
import { isStorableText } from '../text.ts'

/** A pack as it is sold in one checkout: whatever becomes of the catalogue meanwhile, this is what is granted. */
export interface PackOrder {
  pack: string
  meter: string
  /** Units of one pack. */
  amount: number
  quantity: number
  /** Days from when it is granted; null: it never expires. */
  expiresAfterDays: number | null
}

export const MAX_QUANTITY = 1_000

/**
 * What a customer asks for, as the catalogue has it now. Throws NOT_FOUND for a pack that it lacks, VALIDATION for a
 * quantity that can't be sold.
 */
export function orderOf(
  catalog: AnyCatalog,
  { pack, quantity }: { pack: string; quantity: number },
): PackOrder {
  const found = Object.hasOwn(catalog.packs, pack) ? catalog.packs[pack] : undefined
  if (found === undefined) {
    throw new TollgateError('NOT_FOUND', `There is no pack ${JSON.stringify(pack)}.`)
  }
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > MAX_QUANTITY) {
    throw invalid('quantity', `must be a whole number from 1 to ${MAX_QUANTITY}`)
  }
  const { meter, amount, expiresAfterDays } = found
  if (!Number.isSafeInteger(amount * quantity)) {
    throw invalid('quantity', `so many of ${found.name} are more than can be counted`)
  }
  return { pack, meter, amount, quantity, expiresAfterDays }
}

const METER = `${PACK_MARK}_meter`
const AMOUNT = `${PACK_MARK}_amount`
const QUANTITY = `${PACK_MARK}_quantity`
const EXPIRES = `${PACK_MARK}_expires_after_days`

/** An order as metadata of the checkout session that sells it, written before anybody can pay. */
export function toMetadata(order: PackOrder): Record<string, string> {
  return {
    [PACK_MARK]: order.pack,
    [METER]: order.meter,
    [AMOUNT]: String(order.amount),
    [QUANTITY]: String(order.quantity),
    [EXPIRES]: order.expiresAfterDays === null ? 'never' : String(order.expiresAfterDays),
  }
}

/** The order of a session; null where its metadata is not what `toMetadata` writes: then we did not open it. */
export function fromMetadata(metadata: Readonly<Record<string, string>> | null): PackOrder | null {
  const { [PACK_MARK]: pack, [METER]: meter, [EXPIRES]: expires } = metadata ?? {}
  const amount = wholeNumber(metadata?.[AMOUNT])
  const quantity = wholeNumber(metadata?.[QUANTITY])
  const expiresAfterDays = expires === 'never' ? null : wholeNumber(expires)
  if (!isId(pack) || !isId(meter) || expires === undefined) return null
  if (amount === null || quantity === null || !Number.isSafeInteger(amount * quantity)) return null
  if (expires !== 'never' && expiresAfterDays === null) return null
  return { pack, meter, amount, quantity, expiresAfterDays }
}

function isId(text: string | undefined): text is string {
  return text !== undefined && text !== '' && isStorableText(text)
}

/** From 1 on; null for anything else. */
function wholeNumber(text: string | undefined): number | null {
  if (text === undefined || !/^[1-9]\d{0,15}$/.test(text)) return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}
