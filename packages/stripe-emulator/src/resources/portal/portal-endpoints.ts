import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import { longId, token } from '../../core/ids.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { paginationFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { boolean, ignored, required, text, unsupported } from '../../http/params/param.ts'
import { shape } from '../../http/params/shape.ts'
import { requireCustomer } from '../customers/customer.ts'
import {
  changedConfiguration,
  createConfigurationParams,
  defaultConfiguration,
  newConfiguration,
  requireConfiguration,
  updateConfigurationParams,
  withoutFeatures,
} from './configuration.ts'

const createSessionParams = shape({
  after_expiration: unsupported,
  configuration: text,
  customer: required(text),
  customer_account: unsupported,
  flow_data: unsupported,
  locale: ignored,
  on_behalf_of: unsupported,
  return_url: text,
})

const listParams = shape({ ...paginationFields, active: boolean, is_default: boolean })

export const portalEndpoints = [
  endpoint('POST /v1/billing_portal/sessions', createSessionParams, (ctx, { params }) =>
    createSession(ctx, params),
  ),
  endpoint('POST /v1/billing_portal/configurations', createConfigurationParams, (ctx, { params }) =>
    createConfiguration(ctx, params),
  ),
  endpoint('GET /v1/billing_portal/configurations', listParams, (ctx, { params }) =>
    listConfigurations(ctx, params),
  ),
  endpoint('GET /v1/billing_portal/configurations/:id', shape({}), (ctx, { id }) =>
    requireConfiguration(ctx, id),
  ),
  endpoint(
    'POST /v1/billing_portal/configurations/:id',
    updateConfigurationParams,
    (ctx, { id, params }) => updateConfiguration(ctx, id, params),
  ),
]

function createSession(ctx: Context, params: ValueOf<typeof createSessionParams>): object {
  const customer = requireCustomer(ctx, params.customer, 'customer')
  const { return_url: returnUrl } = params
  if (returnUrl !== undefined && !/^https?:\/\//.test(returnUrl)) {
    throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: 'return_url' })
  }
  const configuration =
    params.configuration === undefined
      ? defaultConfiguration(ctx)
      : requireConfiguration(ctx, params.configuration, 'configuration')
  const session = ctx.store.put('portal_sessions', {
    id: longId('bps'),
    object: 'billing_portal.session',
    configuration: configuration.id,
    created: ctx.now,
    customer: customer.id,
    customer_account: null,
    flow: null,
    livemode: false,
    locale: null,
    on_behalf_of: null,
    return_url: returnUrl ?? configuration.default_return_url,
    url: `${ctx.settings.baseUrl}/p/session/test_${token(43)}`,
  })
  ctx.emit('billing_portal.session.created', session)
  return session
}

function createConfiguration(
  ctx: Context,
  params: ValueOf<typeof createConfigurationParams>,
): object {
  const blank = withoutFeatures(newConfiguration(ctx))
  const made = ctx.store.put('portal_configurations', changedConfiguration(ctx, blank, params))
  ctx.emit('billing_portal.configuration.created', made)
  return made
}

function listConfigurations(ctx: Context, params: ValueOf<typeof listParams>): object {
  defaultConfiguration(ctx)
  const found = ctx.store
    .newest('portal_configurations')
    .filter(
      (doc) =>
        (params.active === undefined || doc.active === params.active) &&
        (params.is_default === undefined || doc.is_default === params.is_default),
    )
  return listPage(found, params, '/v1/billing_portal/configurations')
}

function updateConfiguration(
  ctx: Context,
  id: string,
  params: ValueOf<typeof updateConfigurationParams>,
): object {
  const before = requireConfiguration(ctx, id)
  const after = ctx.store.put('portal_configurations', changedConfiguration(ctx, before, params))
  ctx.emit('billing_portal.configuration.updated', after)
  return after
}
