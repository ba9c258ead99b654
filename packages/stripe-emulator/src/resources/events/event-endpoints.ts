import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch } from '../../core/errors.ts'
import type { Event } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { limitedList } from '../../http/params/limits.ts'
import { inRange, listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { boolean, text } from '../../http/params/param.ts'
import { shape } from '../../http/params/shape.ts'
import { KEPT_SECONDS, matchesType } from './event.ts'

const listParams = shape({
  ...listFields,
  delivery_success: boolean,
  type: text,
  types: limitedList(20, text),
})

export const eventEndpoints = [
  endpoint('GET /v1/events', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/events/:id', shape({}), (ctx, { id }) => retrieve(ctx, id)),
]

/** The events of the last 30 days; with `delivery_success: false` those that an endpoint has not accepted. */
function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  if (params.type !== undefined && params.types !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: type, types.', {
      code: 'parameters_exclusive',
      param: 'type',
    })
  }
  const wanted = params.types ?? (params.type === undefined ? ['*'] : [params.type])
  const found = ctx.store
    .newest('events')
    .filter(
      (event) =>
        isKept(ctx, event) &&
        wanted.some((type) => matchesType(event.type, type)) &&
        (params.delivery_success === undefined ||
          (event.pending_webhooks === 0) === params.delivery_success) &&
        inRange(event.created, params.created),
    )
  return listPage(found, params, '/v1/events')
}

/** Events of a test clock may have any date, so `Retention` decides alone when they are deleted. */
function isKept(ctx: Context, { created, data }: Event): boolean {
  const isTest = 'test_clock' in data.object && data.object.test_clock !== null
  return isTest || created > ctx.now - KEPT_SECONDS
}

function retrieve(ctx: Context, id: string): Event {
  const event = ctx.store.get('events', id)
  if (event === undefined) throw noSuch('event', id)
  return event
}
