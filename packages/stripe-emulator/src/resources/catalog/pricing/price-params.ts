import { byCurrency, currencyParam } from '../../../http/params/currency.ts'
import { decimal } from '../../../http/params/decimal.ts'
import type { Param, ValueOf } from '../../../http/params/param.ts'
import {
  boolean,
  emptyable,
  integer,
  oneOf,
  required,
  text,
  textUpTo,
  unsupported,
} from '../../../http/params/param.ts'
import { listOf, metadata, shape } from '../../../http/params/shape.ts'
import { newProductData } from '../product-params.ts'

export const interval = oneOf('day', 'month', 'week', 'year')
const taxBehavior = oneOf('exclusive', 'inclusive', 'unspecified')
const amount = integer({ min: 0 })

/** The bound of a tier: a quantity, or `inf`. */
const upTo: Param<number | 'inf'> = {
  read: (value, name) => (value === 'inf' ? 'inf' : integer({ min: 1 }).read(value, name)),
}

export const tier = shape({
  flat_amount: amount,
  flat_amount_decimal: decimal(),
  unit_amount: amount,
  unit_amount_decimal: decimal(),
  up_to: required(upTo),
})

export const transform = shape({
  divide_by: required(integer({ min: 1 })),
  round: required(oneOf('down', 'up')),
})

export const customUnitAmount = shape({
  enabled: required(boolean),
  maximum: amount,
  minimum: amount,
  preset: amount,
})

/** How much something costs: one of an amount, a decimal, and what the buyer chooses. */
export const amountFields = {
  tax_behavior: taxBehavior,
  unit_amount: amount,
  unit_amount_decimal: decimal(),
}

/** The amounts of a price in another currency. */
const currencyOption = shape({
  ...amountFields,
  custom_unit_amount: customUnitAmount,
  tiers: listOf(tier),
})

const currencyOptions = byCurrency(currencyOption)

export const tiersMode = oneOf('graduated', 'volume')

export const createPriceParams = shape({
  ...amountFields,
  active: boolean,
  billing_scheme: oneOf('per_unit', 'tiered'),
  currency: required(currencyParam),
  currency_options: currencyOptions,
  custom_unit_amount: customUnitAmount,
  lookup_key: textUpTo(200),
  metadata,
  nickname: text,
  product: text,
  product_data: newProductData,
  recurring: shape({
    interval: required(interval),
    interval_count: integer({ min: 1 }),
    meter: text,
    trial_period_days: integer({ min: 0, max: 730 }),
    usage_type: oneOf('licensed', 'metered'),
  }),
  tiers: listOf(tier),
  tiers_mode: tiersMode,
  transfer_lookup_key: boolean,
  transform_quantity: transform,
})

/** `default_price_data` of a new product. */
export const defaultPriceData = shape({
  ...amountFields,
  currency: required(currencyParam),
  currency_options: currencyOptions,
  custom_unit_amount: customUnitAmount,
  metadata,
  recurring: shape({ interval: required(interval), interval_count: integer({ min: 1 }) }),
})

/** Further currencies of a price; to remove all of them is not emulated. */
const addedCurrencies: Param<ValueOf<typeof currencyOptions>> = {
  ...currencyOptions,
  read: (value, name) => (value === '' ? unsupported : currencyOptions).read(value, name),
}

export const updatePriceParams = shape({
  active: boolean,
  currency_options: addedCurrencies,
  lookup_key: emptyable(textUpTo(200)),
  metadata,
  nickname: emptyable(text),
  tax_behavior: taxBehavior,
  transfer_lookup_key: boolean,
})

export type PriceParams = ValueOf<typeof createPriceParams>
export type TierParam = ValueOf<typeof tier>
export type CurrencyOptionParam = ValueOf<typeof currencyOption>
