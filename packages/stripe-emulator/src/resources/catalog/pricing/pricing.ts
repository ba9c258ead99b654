import { invalidRequest } from '../../../core/errors.ts'
import { formatMoney } from '../../../core/money.ts'
import type { CurrencyOption, Price, PriceTier } from '../../../documents.ts'
import { checkWholeAmount, leastCharge } from '../../payments/charges/amount-limits.ts'
import type { CurrencyOptionParam, PriceParams } from './price-params.ts'
import type { AmountPair } from './tiers.ts'
import { amountPair, tiersOf } from './tiers.ts'

/** How a price becomes an amount: the fields of the price, and what the API returns on request only. */
export interface Pricing {
  fields: Pick<
    Price,
    | 'billing_scheme'
    | 'custom_unit_amount'
    | 'tiers_mode'
    | 'transform_quantity'
    | 'unit_amount'
    | 'unit_amount_decimal'
  >
  tiers: PriceTier[] | null
  currencies: Record<string, CurrencyOption>
}

/** Names a parameter of a price: as it is, or inside another (`price_data`). */
export type NameOf = (name: string) => string

/** How a price becomes an amount, from its parameters. Throws 400 for what contradicts itself or is missing. */
export function pricingOf(params: PriceParams, nameOf: NameOf): Pricing {
  const scheme = params.billing_scheme ?? 'per_unit'
  const amounts =
    scheme === 'tiered'
      ? tieredAmounts(params, nameOf)
      : perUnitAmounts(params, { currency: params.currency, nameOf })
  if (scheme === 'per_unit') refuseTiers(params, nameOf)
  const { unit, custom, tiers } = amounts
  const currencies = Object.entries(params.currency_options ?? {}).map(([currency, given]) => {
    if (currency === params.currency) {
      throw invalidRequest(
        `The \`currency_options\` cannot include the currency of the price, \`${currency}\`.`,
        { param: nameOf('currency_options') },
      )
    }
    const param = nameOf(`currency_options[${currency}]`)
    return [currency, optionOf(given, { scheme, currency, param })] as const
  })
  return {
    fields: {
      billing_scheme: scheme,
      custom_unit_amount: custom,
      tiers_mode: params.tiers_mode ?? null,
      transform_quantity: params.transform_quantity ?? null,
      unit_amount: unit?.whole ?? null,
      unit_amount_decimal: unit?.decimal ?? null,
    },
    tiers,
    currencies: Object.fromEntries(currencies),
  }
}

interface Amounts {
  unit: AmountPair | null
  custom: Price['custom_unit_amount']
  tiers: PriceTier[] | null
}

type Place = { currency: string; nameOf: NameOf }

type AmountParams = Pick<
  CurrencyOptionParam,
  'custom_unit_amount' | 'unit_amount' | 'unit_amount_decimal'
>

function perUnitAmounts(params: AmountParams, { currency, nameOf }: Place): Amounts {
  const unit = amountPair(
    { whole: params.unit_amount, decimal: params.unit_amount_decimal },
    { name: 'unit_amount', param: nameOf('unit_amount') },
  )
  const custom = params.custom_unit_amount
  if (custom === undefined && unit === null) {
    throw invalidRequest(
      'Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.',
    )
  }
  if (unit?.whole != null) checkWholeAmount(unit.whole, { currency, param: nameOf('unit_amount') })
  if (custom === undefined) return { unit, custom: null, tiers: null }
  if (unit !== null) {
    const name = params.unit_amount === undefined ? 'unit_amount_decimal' : 'unit_amount'
    throw onlyOne(['custom_unit_amount', name], nameOf('custom_unit_amount'))
  }
  const param = nameOf('custom_unit_amount')
  return { unit: null, custom: chosenAmount(custom, { currency, param }), tiers: null }
}

function chosenAmount(
  given: NonNullable<AmountParams['custom_unit_amount']>,
  { currency, param }: { currency: string; param: string },
): Price['custom_unit_amount'] {
  const { enabled, maximum = null, minimum = null, preset = null } = given
  if (!enabled) {
    throw invalidRequest('`custom_unit_amount[enabled]` must be true, or the parameter left out.', {
      param: `${param}[enabled]`,
    })
  }
  const least = leastCharge(currency)
  if (minimum !== null && minimum < least) {
    throw invalidRequest(
      `\`custom_unit_amount[minimum]\` must be at least ${formatMoney(least, currency)} ${currency}.`,
      { param: `${param}[minimum]` },
    )
  }
  if (minimum !== null && maximum !== null && maximum < minimum) {
    throw invalidRequest('`custom_unit_amount[maximum]` must not be less than the minimum.', {
      param: `${param}[maximum]`,
    })
  }
  if (preset !== null && (preset < (minimum ?? 0) || preset > (maximum ?? preset))) {
    throw invalidRequest('`custom_unit_amount[preset]` must be from the minimum to the maximum.', {
      param: `${param}[preset]`,
    })
  }
  return { maximum, minimum, preset }
}

function tieredAmounts(params: PriceParams, nameOf: NameOf): Amounts {
  if (params.recurring === undefined) {
    throw invalidRequest('Prices with `type=one_time` are not supported with tiered billing.', {
      param: 'interval',
    })
  }
  for (const name of ['tiers', 'tiers_mode'] as const) {
    if (params[name] === undefined) throw missing(nameOf(name))
  }
  for (const name of ['unit_amount', 'unit_amount_decimal', 'custom_unit_amount'] as const) {
    if (params[name] !== undefined) throw onlyOne(['tiers', name], nameOf('tiers'))
  }
  if (params.transform_quantity !== undefined) {
    throw onlyOne(['tiers', 'transform_quantity'], nameOf('tiers'))
  }
  return { unit: null, custom: null, tiers: tiersOf(params.tiers ?? [], nameOf('tiers')) }
}

function refuseTiers(params: PriceParams, nameOf: NameOf): void {
  if (params.tiers !== undefined && params.transform_quantity !== undefined) {
    throw onlyOne(['tiers', 'transform_quantity'], nameOf('tiers'))
  }
  for (const name of ['tiers', 'tiers_mode'] as const) {
    if (params[name] === undefined) continue
    throw invalidRequest(`\`${name}\` requires \`billing_scheme\` to be set to \`tiered\`.`, {
      param: nameOf(name),
    })
  }
}

/** The amounts of a price in one other currency. Throws 400 where the billing scheme needs others. */
export function optionOf(
  given: CurrencyOptionParam,
  about: { scheme: string; currency: string; param: string },
): CurrencyOption {
  const { scheme, currency, param } = about
  const nameOf: NameOf = (name) => `${param}[${name}]`
  const isTiered = scheme === 'tiered'
  if (isTiered ? given.tiers === undefined : !hasAmount(given)) {
    throw invalidRequest(
      isTiered
        ? 'If the billing scheme is set to tiered, the tiers parameter must be set'
        : 'If the billing scheme is set to per_unit, the amount parameter must be set',
      { param },
    )
  }
  if (isTiered ? hasAmount(given) : given.tiers !== undefined) {
    throw onlyOne(['tiers', 'unit_amount'], nameOf('tiers'))
  }
  const amounts = isTiered ? null : perUnitAmounts(given, { currency, nameOf })
  return {
    custom_unit_amount: amounts?.custom ?? null,
    tax_behavior: given.tax_behavior ?? 'unspecified',
    ...(isTiered ? { tiers: tiersOf(given.tiers ?? [], nameOf('tiers')) } : {}),
    unit_amount: amounts?.unit?.whole ?? null,
    unit_amount_decimal: amounts?.unit?.decimal ?? null,
  }
}

function hasAmount(given: AmountParams): boolean {
  return (
    given.unit_amount !== undefined ||
    given.unit_amount_decimal !== undefined ||
    given.custom_unit_amount !== undefined
  )
}

function missing(param: string) {
  return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
}

function onlyOne(names: readonly string[], param: string) {
  return invalidRequest(`You may only specify one of these parameters: ${names.join(', ')}.`, {
    param,
  })
}
