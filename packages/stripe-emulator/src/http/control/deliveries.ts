import { invalidRequest, noSuch } from '../../core/errors.ts'
import type { Store } from '../../core/store.ts'
import type { Delivery } from '../../documents.ts'
import { matchesType } from '../../resources/events/endpoints.ts'
import { deliveriesAnew } from '../../webhooks/outbox.ts'
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

/** Webhooks: what was sent where and what was answered, and sending it once more. */
export function deliveryRoutes(parts: ControlParts): ControlRoute[] {
  const { store, sender } = parts
  return [
    controlRoute(
      'GET /_emulator/deliveries',
      {
        summary: 'Webhooks with their attempts and the answers to them, newest first',
        takes: 'event, type (invoice.*), status (pending, succeeded, failed), limit',
        params: listParams,
      },
      ({ params }) => list(store, params),
    ),
    controlRoute(
      'GET /_emulator/deliveries/:id',
      { summary: 'One webhook', params: shape({}) },
      ({ id }) => shown(store, requireDelivery(store, id)),
    ),
    controlRoute(
      'POST /_emulator/deliveries/:id/resend',
      { summary: 'Sends a webhook once more, now, whatever faults there are', params: shape({}) },
      async ({ id }) => {
        await sender.resend(requireDelivery(store, id).id)
        return shown(store, requireDelivery(store, id))
      },
    ),
    controlRoute(
      'POST /_emulator/events/:id/redeliver',
      { summary: 'Sends an event to every endpoint that wants it now', params: shape({}) },
      ({ id }) => redeliver(parts, id),
    ),
  ]
}

function list(store: Store, params: ValueOf<typeof listParams>): object {
  const { event, type = '*', status, limit = DEFAULT_LIMIT } = params
  const found =
    event === undefined
      ? store.newest('deliveries')
      : store.find('deliveries', { index: 'event', key: event })
  const wanted = found
    .filter((delivery) => status === undefined || delivery.status === status)
    .map((delivery) => shown(store, delivery))
    .filter((delivery) => matchesType(delivery.type ?? '', type))
  return { data: wanted.slice(0, limit), hasMore: wanted.length > limit }
}

function shown(store: Store, { log, ...delivery }: Delivery) {
  const { type, created } = store.get('events', delivery.event) ?? {}
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
  const deliveries = engine.transact((ctx) => deliveriesAnew(ctx, event, configured))
  if (deliveries.length === 0) throw invalidRequest(`No endpoint wants ${event.type}.`)
  await Promise.all(deliveries.map((delivery) => sender.resend(delivery.id)))
  return { data: deliveries.map((delivery) => shown(store, requireDelivery(store, delivery.id))) }
}
