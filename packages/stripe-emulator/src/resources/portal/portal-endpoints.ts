import type { Context } from '../../core/context.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { paginationFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { boolean } from '../../http/params/param.ts'
import { shape } from '../../http/params/shape.ts'
import { changedConfiguration } from './configuration/change-configuration.ts'
import {
  findDefaultConfiguration,
  newConfiguration,
  requireConfiguration,
} from './configuration/configuration.ts'
import {
  createConfigurationParams,
  updateConfigurationParams,
} from './configuration/configuration-params.ts'
import { createSession, createSessionParams } from './create-session.ts'

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

function createConfiguration(
  ctx: Context,
  params: ValueOf<typeof createConfigurationParams>,
): object {
  const made = ctx.store.put(
    'portal_configurations',
    changedConfiguration(ctx, newConfiguration(ctx), params),
  )
  ctx.emit('billing_portal.configuration.created', made)
  return made
}

function listConfigurations(ctx: Context, params: ValueOf<typeof listParams>): object {
  findDefaultConfiguration(ctx)
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
