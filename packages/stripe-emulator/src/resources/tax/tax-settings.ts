import { ACCOUNT } from '../../core/account.ts'
import { BLANK_ADDRESS } from '../../core/address.ts'
import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { TaxSettings } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { emptyable, oneOf, required, text } from '../../http/params/param.ts'
import { shape } from '../../http/params/shape.ts'

const address = shape({
  city: emptyable(text),
  country: emptyable(text),
  line1: emptyable(text),
  line2: emptyable(text),
  postal_code: emptyable(text),
  state: emptyable(text),
})

const updateParams = shape({
  defaults: shape({
    tax_behavior: oneOf('exclusive', 'inclusive', 'inferred_by_currency'),
    tax_code: text,
  }),
  head_office: shape({ address: required(address) }),
})

export const taxSettingsEndpoints = [
  endpoint('GET /v1/tax/settings', shape({}), (ctx) => taxSettings(ctx)),
  endpoint('POST /v1/tax/settings', updateParams, (ctx, { params }) => update(ctx, params)),
]

/**
 * The tax settings of the account: active from the start, with a head office and without a default tax behavior, as of
 * an account that has finished Stripe's setup.
 */
export function taxSettings(ctx: Context): TaxSettings {
  return ctx.store.get('tax_settings', 'main')?.settings ?? INITIAL
}

const INITIAL: TaxSettings = {
  object: 'tax.settings',
  defaults: { provider: 'stripe', tax_behavior: null, tax_code: null },
  head_office: {
    address: {
      ...BLANK_ADDRESS,
      city: 'San Francisco',
      country: ACCOUNT.country,
      line1: '510 Townsend Street',
      postal_code: '94103',
      state: 'CA',
    },
  },
  livemode: false,
  status: 'active',
  status_details: { active: {} },
}

/** Throws 400 where automatic tax cannot be used yet. */
export function requireActiveTax(ctx: Context): void {
  if (taxSettings(ctx).status === 'active') return
  throw invalidRequest(
    'You must have a valid head office address to enable automatic tax calculation in test mode. Visit https://dashboard.stripe.com/test/settings/tax to update it.',
  )
}

function update(ctx: Context, params: ValueOf<typeof updateParams>): TaxSettings {
  const before = taxSettings(ctx)
  const { defaults, head_office: office } = params
  const head = office === undefined ? before.head_office : headOffice(office.address)
  const complete = head !== null && head.address.country !== null
  const settings: TaxSettings = {
    ...before,
    defaults: { ...before.defaults, ...defaults },
    head_office: head,
    status: complete ? 'active' : 'pending',
    status_details: complete ? { active: {} } : { pending: { missing_fields: ['head_office'] } },
  }
  ctx.store.put('tax_settings', { id: 'main', settings })
  ctx.emit('tax.settings.updated', settings)
  return settings
}

function headOffice(given: ValueOf<typeof address>): NonNullable<TaxSettings['head_office']> {
  return { address: { ...BLANK_ADDRESS, ...given } }
}
