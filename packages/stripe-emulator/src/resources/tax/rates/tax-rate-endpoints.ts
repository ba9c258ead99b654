import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { inRange, listFields } from '../../../http/params/list-params.ts'
import type { Param, ValueOf } from '../../../http/params/param.ts'
import { boolean, oneOf, required, text, textUpTo } from '../../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../../http/params/shape.ts'
import { changesBetween } from '../../events/changes.ts'
import { createTaxRate, requireTaxRate } from './tax-rate.ts'

const taxType = oneOf(
  'admissions_tax',
  'amusement_tax',
  'attendance_tax',
  'communications_tax',
  'digital_excise_tax',
  'entertainment_tax',
  'get_fund',
  'gross_receipts_tax',
  'gst',
  'hospitality_tax',
  'hst',
  'igst',
  'jct',
  'lease_tax',
  'luxury_tax',
  'mass_transit_parking_tax',
  'nhil',
  'parking_tax',
  'pst',
  'qst',
  'resort_tax',
  'retail_delivery_fee',
  'rst',
  'sales_tax',
  'service_tax',
  'tourism_tax',
  'utility_users_tax',
  'vat',
)

/** A number from 0 to 100 with at most four decimals. */
const percentage: Param<number> = {
  read(value, name) {
    const raw = text.read(value, name)
    if (!/^-?\d+(\.\d+)?$/.test(raw)) {
      throw invalidRequest(`Invalid decimal: ${raw}`, { param: name })
    }
    const number = Number(raw)
    if (number < 0 || number > 100) {
      throw invalidRequest('`percentage` must be between 0 and 100.', { param: name })
    }
    if (/\.\d{5}/.test(raw.replace(/0+$/, ''))) {
      throw invalidRequest(`Invalid decimal: ${raw}; must contain at maximum 4 decimal places.`, {
        param: name,
      })
    }
    return number
  },
}

const country: Param<string> = {
  read(value, name) {
    const raw = text.read(value, name)
    if (/^[A-Za-z]{2}$/.test(raw)) return raw.toUpperCase()
    throw invalidRequest(
      `Country '${raw}' is unknown. Try using a 2-character alphanumeric country code instead, such as 'US', 'EG', or 'GB'.`,
      { param: name },
    )
  },
}

const fields = {
  active: boolean,
  country,
  description: text,
  jurisdiction: textUpTo(50),
  metadata,
  state: textUpTo(2),
  tax_type: taxType,
}

const createParams = shape({
  ...fields,
  display_name: required(textUpTo(50)),
  inclusive: required(boolean),
  percentage: required(percentage),
})

/** The percentage of a rate and what it includes never change (types of the `stripe` package). */
const updateParams = shape({ ...fields, display_name: textUpTo(50) })

const listParams = shape({ ...listFields, active: boolean, inclusive: boolean })

export const taxRateEndpoints = [
  endpoint('POST /v1/tax_rates', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/tax_rates', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/tax_rates/:id', shape({}), (ctx, { id }) => requireTaxRate(ctx, id)),
  endpoint('POST /v1/tax_rates/:id', updateParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
]

function create(ctx: Context, params: ValueOf<typeof createParams>): object {
  const rate = createTaxRate(ctx, { ...params, metadata: changeMetadata({}, params.metadata) })
  ctx.emit('tax_rate.created', rate)
  return rate
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const found = ctx.store
    .newest('tax_rates')
    .filter(
      (rate) =>
        (params.active === undefined || rate.active === params.active) &&
        (params.inclusive === undefined || rate.inclusive === params.inclusive) &&
        inRange(rate.created, params.created),
    )
  return listPage(found, params, '/v1/tax_rates')
}

/** Updates a rate; archived, it stays on what has it, and cannot be set anew. */
function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = requireTaxRate(ctx, id)
  const after = ctx.patch('tax_rates', id, {
    ...params,
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
  })
  ctx.emit('tax_rate.updated', after, changesBetween(before, after))
  return after
}
