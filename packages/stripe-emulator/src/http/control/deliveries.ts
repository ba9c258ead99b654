import { invalidRequest, noSuch } from '../../core/errors.ts'
import type { Store } from '../../core/store/store.ts'
import type { Delivery } from '../../documents.ts'
import { matchesType } from '../../resources/events/event.ts'
import { redeliveriesOf } from '../../webhooks/outbox.ts'
import type { ValueOf } from '../params/param.ts'
import { integer, oneOf, text } from '../params/param.ts'
import { shape } from '../params/shape.ts'
import type { ControlParts, ControlRoute } from './route.ts'
import { controlRoute } from './route.ts'

const DEFAULT_LIMIT = 20

const listParams = shape({
  event: text,
  type: text,
  status: oneOf('pending', 'succeeded', 'failed'),
  limit: integer({ min: 1, max: 100 }),
})

/** Lists webhook deliveries with their responses, and resends them. */
export function deliveryRoutes(parts: ControlParts): ControlRoute[] {
  const { store, sender } = parts
  return [
    controlRoute(
      'GET /_emulator/deliveries',
      {
        summary: 'Webhook deliveries with their attempts and responses, newest first',
        takes: 'event, type (invoice.*), status (pending, succeeded, failed), limit',
        params: listParams,
      },
      ({ params }) => list(store, params),
    ),
    controlRoute(
      'GET /_emulator/deliveries/:id',
      { summary: 'One webhook delivery', params: shape({}) },
      ({ id }) => render(store, requireDelivery(store, id)),
    ),
    controlRoute(
      'POST /_emulator/deliveries/:id/resend',
      { summary: 'Resends a webhook now, without faults', params: shape({}) },
      async ({ id }) => {
        await sender.resend(requireDelivery(store, id).id)
        return render(store, requireDelivery(store, id))
      },
    ),
    controlRoute(
      'POST /_emulator/events/:id/redeliver',
      {
        summary: 'Sends an event to every endpoint that is subscribed to it now',
        params: shape({}),
      },
      ({ id }) => redeliver(parts, id),
    ),
  ]
}

function list(store: Store, params: ValueOf<typeof listParams>): object {
  const { event, type = '*', status, limit = DEFAULT_LIMIT } = params
  const wanted = store
    .newest('deliveries', { index: 'event', key: event })
    .filter((delivery) => status === undefined || delivery.status === status)
    .map((delivery) => render(store, delivery))
    .filter((delivery) => matchesType(delivery.type ?? '', type))
    .first(limit + 1)
  return { data: wanted.slice(0, limit), hasMore: wanted.length > limit }
}

function render(store: Store, { log, ...delivery }: Delivery) {
  const { event } = delivery
  const { type, created } = store.get('events', event) ?? store.get('thin_events', event) ?? {}
  return { ...delivery, type: type ?? null, created: created ?? null, log: log ?? [] }
}

function requireDelivery(store: Store, id: string): Delivery {
  const delivery = store.get('deliveries', id)
  if (delivery === undefined) throw noSuch('delivery', id)
  return delivery
}

async function redeliver(parts: ControlParts, id: string): Promise<object> {
  const { store, engine, sender, configured } = parts
  const event = store.get('events', id)
  if (event === undefined) throw noSuch('event', id)
  const deliveries = engine.transact((ctx) => redeliveriesOf(ctx, event, configured))
  if (deliveries.length === 0) throw invalidRequest(`No endpoint is subscribed to ${event.type}.`)
  await Promise.all(deliveries.map((delivery) => sender.resend(delivery.id)))
  return { data: deliveries.map((delivery) => render(store, requireDelivery(store, delivery.id))) }
}
