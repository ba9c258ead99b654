import type { Context } from '../../../core/context.ts'
import { invalidRequest, StripeError } from '../../../core/errors.ts'
import { longId } from '../../../core/ids.ts'
import type { TaxRate } from '../../../documents.ts'
import { requireFew } from '../../../http/params/limits.ts'
import { emptyable, text } from '../../../http/params/param.ts'
import { listOf } from '../../../http/params/shape.ts'

/** The most rates that one object takes (docs.stripe.com/invoicing/taxes/tax-rates). */
const MOST_RATES = 10

/** Ids of tax rates, or an empty string that removes all. */
export const taxRatesParam = emptyable(listOf(text))

/** The values of a new tax rate. */
export type TaxRateValues = Pick<TaxRate, 'display_name' | 'inclusive' | 'percentage'> &
  Partial<TaxRate>

/** Creates a tax rate. */
export function createTaxRate(ctx: Context, values: TaxRateValues): TaxRate {
  return ctx.store.put('tax_rates', {
    id: longId('txr'),
    object: 'tax_rate',
    active: true,
    country: null,
    created: ctx.now,
    description: null,
    effective_percentage: null,
    flat_amount: null,
    jurisdiction: null,
    jurisdiction_level: null,
    livemode: false,
    metadata: {},
    rate_type: null,
    state: null,
    tax_type: null,
    ...values,
  })
}

/** A tax rate, also an archived one. Throws 404. */
export function requireTaxRate(ctx: Context, id: string): TaxRate {
  const rate = ctx.store.get('tax_rates', id)
  if (rate !== undefined) return rate
  throw new StripeError(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such tax rate: '${id}'`,
    param: 'tax_rate',
  })
}

/**
 * The tax rates that a request sets. Throws 400 for an unknown one, an archived one, one that is named twice, and for
 * more than ten. Undefined: the request leaves them as they are.
 */
export function readTaxRates(
  ctx: Context,
  ids: readonly string[] | null | undefined,
  param: string,
): TaxRate[] | undefined {
  if (ids === undefined) return undefined
  if (ids === null) return []
  requireFew(ids.length, MOST_RATES, param)
  if (new Set(ids).size < ids.length) {
    throw invalidRequest('The same tax rate may only be specified once.', { param })
  }
  return ids.map((id, index) => usableRate(ctx, id, `${param}[${index}]`))
}

function usableRate(ctx: Context, id: string, param: string): TaxRate {
  const rate = ctx.store.get('tax_rates', id)
  if (rate === undefined) {
    throw invalidRequest(`No such tax rate: '${id}'`, { code: 'resource_missing', param })
  }
  if (rate.active) return rate
  throw invalidRequest(
    `The tax rate specified is inactive. This field only accepts active tax rates.`,
    { param },
  )
}

/** Like `readTaxRates`, for what has no rates yet. */
export function newTaxRates(
  ctx: Context,
  ids: readonly string[] | null | undefined,
  param: string,
): TaxRate[] {
  return readTaxRates(ctx, ids, param) ?? []
}
