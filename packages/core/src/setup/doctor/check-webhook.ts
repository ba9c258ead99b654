import type { Context } from '../../context.ts'
import { knownEvents, neededEventTypes } from '../../inbox/index.ts'
import { findWebhooks, isPublic, missingEvents, webhookUrlOf } from '../push/push-webhook.ts'
import { readLastReceived } from './doctor-store.ts'
import type { Finding } from './finding.ts'
import { ok, problem } from './finding.ts'

const PUSH = 'Run: tollgate plans push'

export async function checkWebhookEndpoint(ctx: Context): Promise<Finding> {
  const name = 'webhook endpoint'
  const url = webhookUrlOf(ctx)
  if (!isPublic(url)) {
    return ok(name, `none is needed: ${url} is this machine's own, and events are forwarded to it`)
  }
  const [endpoint, ...more] = await findWebhooks(ctx)
  if (!endpoint) return problem(name, `Stripe has none for ${url}`, PUSH)
  if (more.length > 0) {
    const fix = "Remove all but one in Stripe's dashboard, Developers, Webhooks."
    return problem(name, `Stripe has ${more.length + 1} for ${url}`, fix)
  }
  if (endpoint.status !== 'enabled') return problem(name, `${endpoint.id} is disabled`, PUSH)
  const missing = missingEvents(endpoint)
  if (missing.length > 0) return problem(name, `does not get ${missing.join(', ')}`, PUSH)
  return ok(name, `${endpoint.id}, ${url}`)
}

const DAY_MS = 86_400_000
const DELIVERY_MS = 10 * 60_000

/**
 * Stripe shows an endpoint's secret only once, so a wrong one is noticed by its effect: events of the last day that
 * Stripe could not deliver, and that did not come later either.
 */
export async function checkDelivery(ctx: Context): Promise<Finding> {
  const name = 'webhook secret'
  const { webhookSecrets } = ctx.stripe
  if (webhookSecrets.length === 0) {
    return problem(name, 'none is set', 'Set STRIPE_WEBHOOK_SECRET to the signing secret, whsec_…')
  }
  const [missed, last] = [await countUndelivered(ctx), await readLastReceived(ctx.db.pool)]
  const received =
    last === null ? 'no event has come yet' : `the last event came ${last.toISOString()}`
  if (missed === 0) return ok(name, `${webhookSecrets.length} set; ${received}`)
  return problem(
    name,
    `${missed} events of the last day were not delivered; ${received}`,
    "Compare STRIPE_WEBHOOK_SECRET with the endpoint's in Stripe's dashboard, then: tollgate stripe reconcile",
  )
}

/** Among the last hundred that Stripe could not deliver. */
async function countUndelivered(ctx: Context): Promise<number> {
  const now = ctx.clock.now().getTime()
  const created = {
    gte: Math.floor((now - DAY_MS) / 1_000),
    lte: Math.floor((now - DELIVERY_MS) / 1_000),
  }
  const { data } = await ctx.stripe.call((stripe) =>
    stripe.events.list({ delivery_success: false, created, limit: 100 }),
  )
  const needed: ReadonlySet<string> = new Set(neededEventTypes)
  const ids = data.filter(({ type }) => needed.has(type)).map(({ id }) => id)
  const known = await knownEvents(ctx.db.pool, ids)
  return ids.filter((id) => !known.has(id)).length
}
