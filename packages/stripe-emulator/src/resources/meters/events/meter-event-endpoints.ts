import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { endpoint } from '../../../http/endpoint.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { oneOf, required, text, textUpTo, timestamp } from '../../../http/params/param.ts'
import { shape, stringMap } from '../../../http/params/shape.ts'
import { cancelEvent, newIdentifier, recordUse } from './record.ts'

const createParams = shape({
  event_name: required(textUpTo(100)),
  identifier: textUpTo(100),
  payload: required(stringMap),
  timestamp,
})

const adjustParams = shape({
  cancel: shape({ identifier: textUpTo(100) }),
  event_name: required(text),
  type: required(oneOf('cancel')),
})

export const meterEventEndpoints = [
  endpoint('POST /v1/billing/meter_events', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('POST /v1/billing/meter_event_adjustments', adjustParams, (ctx, { params }) =>
    adjust(ctx, params),
  ),
]

function create(ctx: Context, params: ValueOf<typeof createParams>): object {
  const { event_name: eventName, payload, timestamp: at = null } = params
  const identifier = params.identifier ?? newIdentifier()
  const use = recordUse(ctx, { eventName, payload, identifier, at }, 'v1')
  return {
    object: 'billing.meter_event',
    created: ctx.now,
    event_name: eventName,
    identifier,
    livemode: false,
    payload: { ...payload },
    timestamp: use.at,
  }
}

function adjust(ctx: Context, params: ValueOf<typeof adjustParams>): object {
  const identifier = params.cancel?.identifier
  if (identifier === undefined) {
    throw invalidRequest('Missing required param: cancel[identifier].', {
      code: 'parameter_missing',
      param: 'cancel[identifier]',
    })
  }
  cancelEvent(ctx, params.event_name, identifier)
  return {
    object: 'billing.meter_event_adjustment',
    cancel: { identifier },
    event_name: params.event_name,
    livemode: false,
    status: 'pending',
    type: params.type,
  }
}
