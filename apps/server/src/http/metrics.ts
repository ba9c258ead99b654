import { timingSafeEqual } from 'node:crypto'
import type { TollgatePluginOptions } from '@tollgate/api'
import { WEBHOOK_PATH } from '@tollgate/api'
import type { Context } from '@tollgate/core'
import { TollgateError } from '@tollgate/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { Env } from '../config/env.ts'
import { isLoopback } from '../config/local.ts'
import { trustsNobody } from '../config/trust-proxy.ts'
import { plainAddress } from './listener/address.ts'
import { wasForwarded } from './listener/forwarded.ts'
import { stripeMetrics } from './stripe-metrics.ts'

/** What a webhook's status says of it. */
const webhookOutcomes: Readonly<Record<number, string>> = {
  200: 'accepted',
  400: 'refused',
  503: 'unavailable',
}

/** /metrics for Prometheus, and what fills it. Answers what the plugin is to tell of its calls. */
export function addMetrics(
  app: FastifyInstance,
  { core, env }: { core: Context; env: MetricsEnv },
): NonNullable<TollgatePluginOptions['observe']> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const readStripe = stripeMetrics(registry, core)
  const { durations, calls, webhooks } = instruments(registry)
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    const { method } = request
    durations.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1_000)
    if (route === WEBHOOK_PATH && method === 'POST') {
      webhooks.inc({ outcome: webhookOutcomes[reply.statusCode] ?? 'error' })
    }
  })
  app.get('/metrics', async (request, reply) => {
    if (!mayRead(request, env)) {
      throw new TollgateError('FORBIDDEN', 'Set METRICS_TOKEN, and send it as a bearer token.')
    }
    // While the database is away, the process still tells of itself.
    await readStripe().catch((error: unknown) =>
      request.log.warn({ err: error }, 'no metrics of Stripe'),
    )
    return reply.type(registry.contentType).send(await registry.metrics())
  })
  return ({ procedure, outcome }) => calls.inc({ procedure, outcome })
}

function instruments(registry: Registry) {
  const registers = [registry]
  return {
    durations: new Histogram({
      name: 'tollgate_http_request_duration_seconds',
      help: 'How long requests took, by route and status',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    calls: new Counter({
      name: 'tollgate_calls_total',
      help: 'Calls of procedures such as usage.consume, by outcome: ok, refused, or an error code',
      labelNames: ['procedure', 'outcome'],
      registers,
    }),
    webhooks: new Counter({
      name: 'tollgate_webhooks_total',
      help: "Stripe's webhooks, by outcome: accepted, refused, unavailable",
      labelNames: ['outcome'],
      registers,
    }),
  }
}

type MetricsEnv = Pick<Env, 'appUrl' | 'host' | 'metricsToken' | 'trustProxy'>

/**
 * With the token where there is one. Where there is none, from this machine, and only while nothing can reach the server
 * from elsewhere: it listens on loopback, and neither its public address nor TRUST_PROXY speaks of a proxy.
 */
function mayRead({ headers, raw }: FastifyRequest, env: MetricsEnv): boolean {
  const { appUrl, host, metricsToken, trustProxy } = env
  if (metricsToken !== undefined) {
    return isEqual(headers.authorization ?? '', `Bearer ${metricsToken}`)
  }
  const proxied = appUrl.startsWith('https:') || !trustsNobody(trustProxy) || wasForwarded(raw)
  return !proxied && isLoopback(host) && isLoopback(plainAddress(raw.socket.remoteAddress ?? ''))
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
