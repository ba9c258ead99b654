import { invalidRequest } from '../../../core/errors.ts'
import type { Param } from '../../../http/params/param.ts'
import { text } from '../../../http/params/param.ts'

/** A decimal as text, with at most twelve decimals. */
export const decimalParam: Param<string> = {
  read(value, name) {
    const raw = text.read(value, name)
    if (!/^-?\d+(\.\d+)?$/.test(raw))
      throw invalidRequest(`Invalid decimal: ${raw}`, { param: name })
    if (!/\.\d{13}/.test(raw)) return raw
    throw invalidRequest(`Invalid decimal: ${raw}; must contain at maximum 12 decimal places.`, {
      param: name,
    })
  },
}

/** `decimal * quantity`, rounded to a whole number, halves away from zero. */
export function timesDecimal(decimal: string, quantity: number): number {
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.')
  const units = BigInt(whole + fraction.padEnd(12, '0')) * BigInt(quantity)
  const scale = 10n ** 12n
  const rounded = Number((2n * units + scale) / (2n * scale))
  return decimal.startsWith('-') ? 0 - rounded : rounded
}
