import type { Context } from '../core/context.ts'
import { longId } from '../core/ids.ts'
import type { CollectionName, Delivery, Event } from '../documents.ts'
import type { Target, WebhookOptions } from './targets.ts'
import { targetsOf, thinTargetsOf } from './targets.ts'

const COLLECTIONS: Readonly<Record<string, CollectionName>> = {
  invoice: 'invoices',
  subscription: 'subscriptions',
  subscription_schedule: 'subscription_schedules',
}

/**
 * Completes the events of a transaction: sets the final state of the object where an event carries it, and
 * writes one delivery for each endpoint that is subscribed, in the same transaction.
 */
export function finalizeEvents(ctx: Context, configured: readonly WebhookOptions[]): string[] {
  const deliveries: string[] = []
  for (const { id, usesFinalState } of ctx.events) {
    const written = ctx.store.get('events', id)
    if (written === undefined) continue
    const event = usesFinalState ? withFinalState(ctx, written) : written
    const targets = targetsOf(ctx, configured, event.type)
    if (event !== written || targets.length > 0) {
      ctx.store.put('events', { ...event, pending_webhooks: targets.length })
    }
    for (const target of targets) deliveries.push(writeDelivery(ctx, id, target).id)
  }
  for (const id of ctx.thinEvents) {
    const { type = '' } = ctx.store.get('thin_events', id) ?? {}
    for (const target of thinTargetsOf(configured, type)) {
      deliveries.push(writeDelivery(ctx, id, target).id)
    }
  }
  return deliveries
}

function withFinalState(ctx: Context, event: Event): Event {
  const { object } = event.data
  const collection = COLLECTIONS[object.object]
  const last = collection === undefined ? undefined : ctx.store.get(collection, object.id ?? '')
  if (last === undefined || !('object' in last)) return event
  return { ...event, data: { ...event.data, object: last } }
}

function writeDelivery(ctx: Context, event: string, target: Target): Delivery {
  return ctx.store.put('deliveries', {
    id: longId('del'),
    event,
    endpoint: target.id,
    url: target.url,
    attempts: 0,
    status: 'pending',
    lastError: null,
    log: [],
  })
}

/**
 * The deliveries of an event to every endpoint that is subscribed now: the existing ones, and new ones for
 * endpoints that were added later.
 */
export function redeliveriesOf(
  ctx: Context,
  event: Event,
  configured: readonly WebhookOptions[],
): Delivery[] {
  const before = ctx.store.find('deliveries', { index: 'event', key: event.id })
  const targets = targetsOf(ctx, configured, event.type)
  const isNew = (target: Target) => !before.some(({ endpoint }) => endpoint === target.id)
  const added = targets.filter(isNew).length
  if (added > 0) {
    ctx.patch('events', event.id, { pending_webhooks: event.pending_webhooks + added })
  }
  return targets.map(
    (target) =>
      before.find(({ endpoint }) => endpoint === target.id) ?? writeDelivery(ctx, event.id, target),
  )
}
