import { invalidRequest } from '../../../core/errors.ts'
import { byCurrency, currencyParam } from '../../../http/params/currency.ts'
import type { Param } from '../../../http/params/param.ts'
import { integer, oneOf, required, text, textUpTo, timestamp } from '../../../http/params/param.ts'
import { listOf, metadata, shape } from '../../../http/params/shape.ts'

const MAX_NAME = 40

/** A percentage above 0 and up to 100, with two decimals. */
const percentage: Param<number> = {
  read(value, name) {
    const raw = text.read(value, name)
    const number = Number(raw)
    if (!/^-?\d*\.?\d+$/.test(raw)) throw invalidRequest(`Invalid decimal: ${raw}`, { param: name })
    const shown = Number.isInteger(number) ? `${number}.0` : String(number)
    if (number < 0.01 || number > 100) {
      const side = number < 0.01 ? 'greater than or equal to 0.01' : 'less than or equal to 100'
      throw invalidRequest(`This value must be ${side} (it currently is '${shown}').`, {
        param: name,
      })
    }
    if (/\.\d{2}\d*[1-9]/.test(raw)) {
      throw invalidRequest(`Invalid decimal: ${raw}; must have at most two decimal places`, {
        param: name,
      })
    }
    return number
  },
}

const couponName = textUpTo(MAX_NAME)

const amount = integer({ min: 1 })
const currencyOptions = byCurrency(shape({ amount_off: required(amount) }))

export const createCouponParams = shape({
  amount_off: amount,
  applies_to: shape({ products: listOf(text) }),
  currency: currencyParam,
  // Read as it is: a percentage is refused before its keys are looked at.
  currency_options: { read: (value) => value },
  duration: oneOf('forever', 'once', 'repeating'),
  duration_in_months: integer({ min: 1 }),
  id: textUpTo(500),
  max_redemptions: integer({ min: 1 }),
  metadata,
  name: couponName,
  percent_off: percentage,
  redeem_by: timestamp,
})

export const updateCouponParams = shape({
  currency_options: { read: (value) => value },
  metadata,
  name: couponName,
})

/** The amounts off in other currencies. Throws 400 for a coupon with a percentage. */
export function amountsOf(given: unknown, hasPercentage: boolean): Record<string, number> {
  if (given === undefined) return {}
  const param = 'currency_options'
  if (hasPercentage) {
    throw invalidRequest(
      'You may only specify one of these parameters: currency_options, percent_off.',
      { code: 'parameters_exclusive', param },
    )
  }
  const options = currencyOptions.read(given, param)
  return Object.fromEntries(
    Object.entries(options).map(([currency, option]) => [currency, option.amount_off]),
  )
}
