import cors from '@fastify/cors'
import underPressure from '@fastify/under-pressure'
import type { TollgatePluginOptions } from '@tollgate/api'
import { WEBHOOK_PATH } from '@tollgate/api'
import { TollgateError } from '@tollgate/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Env } from '../config/env.ts'
import { RateLimits } from './rate-limits.ts'

/** What must be answered whatever the load: Stripe, and those who watch. */
const exempt = new Set([WEBHOOK_PATH, '/healthz', '/readyz', '/metrics'])

/** How late timers may run, on average over a sample, before calls are refused rather than queued. */
const MAX_EVENT_LOOP_DELAY_MS = 2_000
/** Long enough that one pause, as at start, is not taken for overload. */
const PRESSURE_SAMPLE_MS = 5_000

/** CORS for the trusted origins, a rate limit and load shedding. Returns the limit that goes by callers. */
export async function addProtection(
  app: FastifyInstance,
  { origins }: Pick<Env, 'origins'>,
): Promise<NonNullable<TollgatePluginOptions['limit']>> {
  const limits = new RateLimits()
  app.addHook('onRequest', (request, _reply, done) => {
    if (!isExempt(request)) limits.onRequest(request)
    done()
  })
  await app.register(cors, {
    origin: [...origins],
    credentials: true,
    strictPreflight: false,
    methods: ['GET', 'POST', 'PUT'],
    maxAge: 600,
  })
  await app.register(underPressure, {
    maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS,
    sampleInterval: PRESSURE_SAMPLE_MS,
    pressureHandler: async (request) => {
      if (isExempt(request)) return
      throw new TollgateError('UNAVAILABLE', 'The server is overloaded; come back in a moment.', {
        retryAfterSeconds: 5,
      })
    },
  })
  return (request, call) => limits.onCall(request, call)
}

function isExempt({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url !== undefined && exempt.has(routeOptions.url)
}
