import type { Context } from '../core/context.ts'
import { matchesType } from '../resources/events/event.ts'

/** An endpoint that gets events without being registered through the API. */
export interface WebhookOptions {
  url: string
  /** The signing secret, `whsec_…`. */
  secret: string
  /** Event types such as `invoice.paid`, `invoice.*` or `*`; all by default. */
  enabledEvents?: readonly string[] | undefined
  /** Whether it gets the events of the v1 API (the default), or the thin ones of the v2 API. */
  payload?: 'snapshot' | 'thin' | undefined
}

/** An endpoint that an event goes to. */
export interface Target {
  id: string
  url: string
  secret: string
}

/** The endpoints that are subscribed to an event type: configured ones, and those registered through the API. */
export function targetsOf(
  ctx: Context,
  configured: readonly WebhookOptions[],
  eventType: string,
): Target[] {
  const registered = ctx.store
    .newest('webhook_endpoints')
    .filter(
      (webhook) =>
        webhook.status === 'enabled' &&
        webhook.enabled_events.some((type) => matchesType(eventType, type)),
    )
  return [
    ...configuredTargets(configured, eventType, 'snapshot'),
    ...registered.map(({ id, url, secret }) => ({ id, url, secret })),
  ]
}

/** The configured endpoints for thin events that are subscribed to a type. */
export function thinTargetsOf(configured: readonly WebhookOptions[], eventType: string): Target[] {
  return configuredTargets(configured, eventType, 'thin')
}

function configuredTargets(
  configured: readonly WebhookOptions[],
  eventType: string,
  payload: 'snapshot' | 'thin',
): Target[] {
  return configured
    .map(({ url, secret, ...webhook }, index) => ({
      ...webhook,
      target: { id: `configured_${index}`, url, secret },
    }))
    .filter(
      ({ payload: own = 'snapshot', enabledEvents = ['*'] }) =>
        own === payload && enabledEvents.some((type) => matchesType(eventType, type)),
    )
    .map(({ target }) => target)
}
