import type Stripe from 'stripe'
import type { Context } from '../../context.ts'
import { neededEventTypes } from '../../inbox/index.ts'
import type { PlannedStep } from './push-step.ts'

/** Where the server receives Stripe's webhooks. */
export const WEBHOOK_PATH = '/api/billing/webhook'

/** The webhook endpoint of this app, with every event type that is needed; others that it has stay. */
export async function planWebhook(ctx: Context): Promise<PlannedStep> {
  const url = webhookUrlOf(ctx)
  const step = { object: 'webhook', plan: null } as const
  if (!isPublic(url)) {
    const detail = `none: ${url} can't be reached from outside, so events have to be forwarded to it`
    return { step: { ...step, action: 'keep', id: null, detail } }
  }
  const [found] = await findWebhooks(ctx)
  const detail = `${url}, ${neededEventTypes.length} types of events`
  if (!found) {
    return {
      step: { ...step, action: 'create', id: null, detail },
      apply: async () => {
        const made = await ctx.stripe.call((stripe) =>
          stripe.webhookEndpoints.create({ url, enabled_events: [...neededEventTypes] }),
        )
        return { id: made.id, ...(made.secret !== undefined && { secret: made.secret }) }
      },
    }
  }
  const { id } = found
  const missing = missingEvents(found)
  if (missing.length === 0 && found.status === 'enabled') {
    return { step: { ...step, action: 'keep', id, detail } }
  }
  const enabled = [...found.enabled_events, ...missing] as EnabledEvent[]
  return {
    step: { ...step, action: 'update', id, detail },
    apply: async () => {
      await ctx.stripe.call((stripe) =>
        stripe.webhookEndpoints.update(id, { enabled_events: enabled, disabled: false }),
      )
      return {}
    },
  }
}

type EnabledEvent = Stripe.WebhookEndpointUpdateParams.EnabledEvent

export function webhookUrlOf({ settings }: Context): string {
  return `${settings.appUrl}${WEBHOOK_PATH}`
}

/** The webhook endpoints at Stripe with this app's address. With more than one, every event comes twice. */
export async function findWebhooks(ctx: Context): Promise<Stripe.WebhookEndpoint[]> {
  const all = await ctx.stripe.call((stripe) =>
    stripe.webhookEndpoints.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 }),
  )
  return all.filter(({ url }) => url === webhookUrlOf(ctx))
}

/** The needed event types that an endpoint does not get. */
export function missingEvents({ enabled_events: enabled }: Stripe.WebhookEndpoint) {
  if (enabled.includes('*')) return []
  return neededEventTypes.filter((type) => !enabled.includes(type))
}

/** Whether Stripe could reach an address: not one of this machine only. */
export function isPublic(url: string): boolean {
  const { hostname } = new URL(url)
  return !(hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname))
}
