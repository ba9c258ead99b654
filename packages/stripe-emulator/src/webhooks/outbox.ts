import type { Context } from '../core/context.ts'
import { longId } from '../core/ids.ts'
import type { CollectionName, Event } from '../documents.ts'
import { targetsOf, type WebhookOptions } from './targets.ts'

const LAST_STATE: Readonly<Record<string, CollectionName>> = {
  invoice: 'invoices',
  subscription: 'subscriptions',
  subscription_schedule: 'subscription_schedules',
}

function withLastState(ctx: Context, event: Event): Event {
  const { object } = event.data
  const collection = LAST_STATE[object.object]
  const last = collection === undefined ? undefined : ctx.store.get(collection, object.id)
  if (last === undefined || !('object' in last)) return event
  return { ...event, data: { ...event.data, object: last } }
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
    for (const target of targets) {
      const delivery = ctx.store.put('deliveries', {
        id: longId('del'),
        event: id,
        endpoint: target.id,
        url: target.url,
        attempts: 0,
        status: 'pending',
        lastError: null,
      })
      deliveries.push(delivery.id)
    }
  }
  return deliveries
}
