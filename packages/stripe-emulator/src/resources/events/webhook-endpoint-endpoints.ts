import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch } from '../../core/errors.ts'
import { longId, token } from '../../core/ids.ts'
import type { WebhookEndpoint } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { paginationFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { boolean, connectOnly, emptyable, oneOf, required, text } from '../../http/params/param.ts'
import { changeMetadata, listOf, metadata, shape } from '../../http/params/shape.ts'
import { checkVersion } from '../../http/versions/version.ts'
import { EVENT_TYPES } from './event-types.ts'

const eventType = oneOf('*', ...EVENT_TYPES)

const MOST_ENDPOINTS = 16

const createParams = shape({
  api_version: text,
  connect: connectOnly,
  description: emptyable(text),
  enabled_events: required(listOf(eventType)),
  metadata,
  url: required(text),
})

const updateParams = shape({
  description: emptyable(text),
  disabled: boolean,
  enabled_events: listOf(eventType),
  metadata,
  url: text,
})

export const webhookEndpointEndpoints = [
  endpoint('POST /v1/webhook_endpoints', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/webhook_endpoints', shape(paginationFields), (ctx, { params }) =>
    list(ctx, params),
  ),
  endpoint('GET /v1/webhook_endpoints/:id', shape({}), (ctx, { id }) =>
    withoutSecret(requireWebhook(ctx, id)),
  ),
  endpoint('POST /v1/webhook_endpoints/:id', updateParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
  endpoint('DELETE /v1/webhook_endpoints/:id', shape({}), (ctx, { id }) => remove(ctx, id)),
]

function create(ctx: Context, params: ValueOf<typeof createParams>): object {
  checkUrl(params.url)
  if (params.api_version !== undefined) checkVersion(params.api_version)
  if ([...ctx.store.newest('webhook_endpoints')].length >= MOST_ENDPOINTS) {
    throw invalidRequest(
      `You have reached the maximum of ${MOST_ENDPOINTS} test webhook endpoints.`,
    )
  }
  return ctx.store.put('webhook_endpoints', {
    id: longId('we'),
    object: 'webhook_endpoint',
    api_version: params.api_version ?? null,
    application: null,
    created: ctx.now,
    description: params.description ?? null,
    enabled_events: params.enabled_events,
    livemode: false,
    metadata: changeMetadata({}, params.metadata),
    secret: `whsec_${token(32)}`,
    status: 'enabled',
    url: params.url,
  })
}

function checkUrl(url: string | undefined): void {
  if (url === undefined || /^https?:\/\//.test(url)) return
  throw invalidRequest('Invalid URL: An explicit scheme (such as https) must be provided.', {
    code: 'url_invalid',
    param: 'url',
  })
}

function list(
  ctx: Context,
  params: ValueOf<ReturnType<typeof shape<typeof paginationFields>>>,
): object {
  const page = listPage(ctx.store.newest('webhook_endpoints'), params, '/v1/webhook_endpoints')
  return { ...page, data: page.data.map(withoutSecret) }
}

/** The secret is returned once, at creation. */
function withoutSecret(webhook: WebhookEndpoint): object {
  const { secret: _secret, ...shown } = webhook
  return shown
}

function requireWebhook(ctx: Context, id: string): WebhookEndpoint {
  const webhook = ctx.store.get('webhook_endpoints', id)
  if (webhook === undefined) throw noSuch('webhook endpoint', id)
  return webhook
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = requireWebhook(ctx, id)
  const { disabled, metadata: change, ...fields } = params
  checkUrl(params.url)
  const after = ctx.patch('webhook_endpoints', id, {
    ...fields,
    ...(disabled === undefined ? {} : { status: disabled ? 'disabled' : 'enabled' }),
    metadata: changeMetadata(before.metadata, change),
  })
  return withoutSecret(after)
}

function remove(ctx: Context, id: string): object {
  requireWebhook(ctx, id)
  ctx.store.remove('webhook_endpoints', id)
  return { id, object: 'webhook_endpoint', deleted: true }
}
