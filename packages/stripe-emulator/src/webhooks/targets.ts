import type { Context } from '../core/context.ts'
import { matchesType } from '../resources/events/event.ts'

/** An endpoint that gets events without being registered through the API. */
export interface WebhookOptions {
  url: string
  /** The signing secret, `whsec_…`. */
  secret: string
  /** Event types such as `invoice.paid`, `invoice.*` or `*`; all by default. */
  enabledEvents?: readonly string[] | undefined
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
  const isSubscribed = (types: readonly string[]) =>
    types.some((type) => matchesType(eventType, type))
  const fromOptions = configured
    .map((webhook, index) => ({ ...webhook, id: `configured_${index}` }))
    .filter((webhook) => isSubscribed(webhook.enabledEvents ?? ['*']))
  const registered = ctx.store
    .newest('webhook_endpoints')
    .filter((webhook) => webhook.status === 'enabled' && isSubscribed(webhook.enabled_events))
  return [...fromOptions, ...registered].map(({ id, url, secret }) => ({ id, url, secret }))
}
