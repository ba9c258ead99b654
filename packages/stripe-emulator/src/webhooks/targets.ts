import type { Context } from '../core/context.ts'
import { matchesType } from '../resources/events/endpoints.ts'

/** An endpoint that is told of events from the start, without being registered. */
export interface WebhookOptions {
  url: string
  /** The signing secret, `whsec_…`. */
  secret: string
  /** Types of events, `invoice.*` or `*`; all where it is left out. */
  enabledEvents?: readonly string[]
}

/** An endpoint that an event goes to. */
export interface Target {
  id: string
  url: string
  secret: string
}

/** The endpoints that want an event: the configured ones, and those registered through the API. */
export function targetsOf(
  ctx: Context,
  configured: readonly WebhookOptions[],
  eventType: string,
): Target[] {
  const wants = (types: readonly string[]) => types.some((type) => matchesType(eventType, type))
  const fromOptions = configured
    .map((webhook, index) => ({ ...webhook, id: `configured_${index}` }))
    .filter((webhook) => wants(webhook.enabledEvents ?? ['*']))
  const registered = ctx.store
    .newest('webhook_endpoints')
    .filter((webhook) => webhook.status === 'enabled' && wants(webhook.enabled_events))
  return [...fromOptions, ...registered].map(({ id, url, secret }) => ({ id, url, secret }))
}
