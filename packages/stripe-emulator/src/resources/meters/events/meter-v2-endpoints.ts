import { isoTime, secondsOf } from '../../../core/clock.ts'
import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch, StripeError } from '../../../core/errors.ts'
import { longId, token } from '../../../core/ids.ts'
import { endpoint } from '../../../http/endpoint.ts'
import type { Param, ValueOf } from '../../../http/params/param.ts'
import { oneOf, required, text, textUpTo } from '../../../http/params/param.ts'
import { listOf, shape, stringMap } from '../../../http/params/shape.ts'
import { cancelEvent, newIdentifier, recordStream, recordUse } from './record.ts'

const SESSION_SECONDS = 15 * 60
const MOST_EVENTS = 100

/** An instant as the v2 API writes it, read to whole seconds. */
const instant: Param<number> = {
  read(value, name) {
    const at = typeof value === 'string' ? secondsOf(value) : null
    if (at !== null) return at
    throw invalidRequest(`Invalid timestamp: ${JSON.stringify(value)}`, { param: name })
  },
}

const use = {
  event_name: required(textUpTo(100)),
  identifier: textUpTo(100),
  payload: required(stringMap),
  timestamp: instant,
}

const useParams = shape(use)
const streamParams = shape({ events: required(listOf(useParams)) })

const adjustParams = shape({
  cancel: required(shape({ identifier: required(textUpTo(100)) })),
  event_name: required(text),
  type: required(oneOf('cancel')),
})

/** The routes of the v2 API: their bodies are JSON, and their times are texts. */
export const v2Endpoints = [
  endpoint('POST /v2/billing/meter_events', useParams, (ctx, { params }) => create(ctx, params)),
  endpoint('POST /v2/billing/meter_event_adjustments', adjustParams, (ctx, { params }) =>
    adjust(ctx, params),
  ),
  endpoint('POST /v2/billing/meter_event_session', shape({}), (ctx) => openSession(ctx)),
  {
    ...endpoint('POST /v2/billing/meter_event_stream', streamParams, (ctx, call) => {
      requireSession(ctx, call.authorization)
      return stream(ctx, call.params)
    }),
    ownAuthentication: true,
  },
  endpoint('GET /v2/core/events/:id', shape({}), (ctx, { id }) => {
    const event = ctx.store.get('thin_events', id)
    if (event === undefined) throw noSuch('event', id)
    return event
  }),
]

function create(ctx: Context, params: ValueOf<typeof useParams>): object {
  const { event_name: eventName, payload, timestamp: at = null } = params
  const identifier = params.identifier ?? newIdentifier()
  const recorded = recordUse(ctx, { eventName, payload, identifier, at }, 'v2')
  return {
    object: 'v2.billing.meter_event',
    created: isoTime(ctx.now),
    event_name: eventName,
    identifier,
    livemode: false,
    payload: { ...payload },
    timestamp: isoTime(recorded.at),
  }
}

function adjust(ctx: Context, params: ValueOf<typeof adjustParams>): object {
  const { event_name: eventName, type } = params
  const { identifier } = params.cancel
  cancelEvent(ctx, eventName, identifier)
  return {
    id: longId('mtr_event_adj'),
    object: 'v2.billing.meter_event_adjustment',
    cancel: { identifier },
    created: isoTime(ctx.now),
    event_name: eventName,
    livemode: false,
    status: 'pending',
    type,
  }
}

/** Opens a session for the stream: its token is valid for 15 minutes. */
function openSession(ctx: Context): object {
  return ctx.store.put('meter_sessions', {
    id: longId('bms'),
    object: 'v2.billing.meter_event_session',
    authentication_token: `token_test_${token(40)}`,
    created: isoTime(ctx.now),
    expires_at: isoTime(ctx.now + SESSION_SECONDS),
    livemode: false,
  })
}

function requireSession(ctx: Context, authorization: string): void {
  const [, key = ''] = authorization.split(' ')
  const [session] = ctx.store.find('meter_sessions', { index: 'token', key })
  if (session === undefined) {
    throw new StripeError(401, {
      type: 'invalid_request_error',
      message: 'The meter event stream needs the authentication token of a meter event session.',
    })
  }
  if ((secondsOf(session.expires_at) ?? 0) > ctx.now) return
  throw new StripeError(401, {
    type: 'temporary_session_expired',
    code: 'billing_meter_event_session_expired',
    message: 'The temporary session token has expired.',
  })
}

/** Accepts events without a check; those that cannot be counted are reported. */
function stream(ctx: Context, { events }: ValueOf<typeof streamParams>): object {
  if (events.length === 0 || events.length > MOST_EVENTS) {
    throw invalidRequest(`\`events\` must have 1 to ${MOST_EVENTS} entries.`, { param: 'events' })
  }
  const uses = events.map(({ event_name: eventName, identifier, payload, timestamp: at }) => ({
    eventName,
    payload,
    identifier: identifier ?? newIdentifier(),
    at: at ?? null,
  }))
  recordStream(ctx, uses)
  return {}
}
