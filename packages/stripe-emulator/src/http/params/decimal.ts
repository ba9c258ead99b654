import { invalidRequest } from '../../core/errors.ts'
import { DECIMAL_PLACES, decimalOf, decimalText } from '../../core/money.ts'
import type { Param } from './param.ts'
import { text } from './param.ts'

/** A decimal of at most twelve places, read in its shortest form: `1.50` as `1.5`. Negative only where `negative` is set. */
export function decimal(allow: { negative?: true } = {}): Param<string> {
  return {
    read(value, name) {
      const given = text.read(value, name)
      if (!/^-?\d+(\.\d+)?$/.test(given)) {
        throw invalidRequest(`Invalid decimal: ${given}`, { param: name })
      }
      if ((given.split('.')[1] ?? '').length > DECIMAL_PLACES) {
        throw invalidRequest(
          `Invalid decimal: ${scientific(given)}; must contain at most ${DECIMAL_PLACES} decimal places.`,
          { param: name },
        )
      }
      const units = decimalOf(given)
      if (units < 0n && allow.negative !== true) {
        throw invalidRequest(
          `This value must be greater than or equal to 0 (it currently is '${scientific(given)}').`,
          { param: name },
        )
      }
      return decimalText(units)
    },
  }
}

/** A decimal as Stripe repeats it in its messages: `0.15e1` for 1.5. */
function scientific(given: string): string {
  const [whole = '', fraction = ''] = given.replace('-', '').split('.')
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  if (digits === '') return '0.0'
  const exponent = whole.length - (whole.length + fraction.length - digits.length)
  return `${given.startsWith('-') ? '-' : ''}0.${digits.replace(/0+$/, '')}e${exponent}`
}
