import type { Context } from '../core/context.ts'
import { longId } from '../core/ids.ts'
import type { CollectionName, Delivery, Event } from '../documents.ts'
import type { Target, WebhookOptions } from './targets.ts'
import { targetsOf } from './targets.ts'

const LAST_STATE: Readonly<Record<string, CollectionName>> = {
  invoice: 'invoices',
  subscription: 'subscriptions',
  subscription_schedule: 'subscription_schedules',
}

/**
 * Ends the events of a transaction: gives those that wait for it the last state of their object,
 * and writes one delivery for each endpoint that wants them, in the same transaction.
 */
export function sealEvents(ctx: Context, configured: readonly WebhookOptions[]): string[] {
  const deliveries: string[] = []
  for (const { id, awaitsLast } of ctx.events) {
    const written = ctx.store.get('events', id)
    if (written === undefined) continue
    const event = awaitsLast ? withLastState(ctx, written) : written
    const targets = targetsOf(ctx, configured, event.type)
    if (event !== written || targets.length > 0) {
      ctx.store.put('events', { ...event, pending_webhooks: targets.length })
    }
    for (const target of targets) deliveries.push(writeDelivery(ctx, id, target).id)
  }
  return deliveries
}

function withLastState(ctx: Context, event: Event): Event {
  const { object } = event.data
  const collection = LAST_STATE[object.object]
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
 * The deliveries of an event to every endpoint that wants it now: those that there were, and new
 * ones to endpoints that came later.
 */
export function deliveriesAnew(
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
