import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import { WEBHOOK_PATH } from '@tollgate/api'
import { TollgateError } from '@tollgate/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Env } from '../config/env.ts'

/** What must be answered whatever the load: Stripe, and those who watch. */
const exempt = new Set([WEBHOOK_PATH, '/healthz', '/readyz', '/metrics'])

/** Requests a minute and address. Sibling apps, who send a key, meter every call of theirs through here. */
const MAX_PER_MINUTE = 6_000
const MAX_PER_MINUTE_WITH_KEY = 600_000
/** How late timers may run, on average over a sample, before calls are refused rather than queued. */
const MAX_EVENT_LOOP_DELAY_MS = 2_000
/** Long enough that one pause, as at start, is not taken for overload. */
const PRESSURE_SAMPLE_MS = 5_000

/** Headers for browsers, CORS for the trusted origins, a rate limit and load shedding. */
export async function addProtection(
  app: FastifyInstance,
  { origins, appUrl }: Pick<Env, 'origins' | 'appUrl'>,
): Promise<void> {
  await app.register(helmet, {
    global: false,
    contentSecurityPolicy: { useDefaults: false, directives: pagePolicy },
    strictTransportSecurity: appUrl.startsWith('https:'),
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
  })
  keepHelmetHeaders(app)
  await app.register(cors, {
    origin: [...origins],
    credentials: true,
    strictPreflight: false,
    methods: ['GET', 'POST', 'PUT'],
    maxAge: 600,
  })
  await app.register(rateLimit, {
    timeWindow: '1 minute',
    keyGenerator: (request) => `${hasKey(request) ? 'key' : 'page'} ${request.ip}`,
    max: (request) => (hasKey(request) ? MAX_PER_MINUTE_WITH_KEY : MAX_PER_MINUTE),
    allowList: isExempt,
    errorResponseBuilder: (_request, { ttl }) =>
      new TollgateError('RATE_LIMITED', 'Too many requests; come back in a moment.', {
        retryAfterSeconds: ttl / 1_000,
      }),
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
}

/** Helmet works its headers out anew for each request, though they never differ: they are kept from the first. */
function keepHelmetHeaders(app: FastifyInstance): void {
  let kept: Record<string, string> | undefined
  app.addHook('onRequest', async (_request, reply) => {
    kept ??= await helmetHeaders(reply)
    reply.headers(kept)
  })
}

async function helmetHeaders(reply: FastifyReply): Promise<Record<string, string>> {
  const { raw } = reply
  const before = new Set(raw.getHeaderNames())
  await reply.helmet()
  const names = raw.getHeaderNames().filter((name) => !before.has(name))
  return Object.fromEntries(names.map((name) => [name, String(raw.getHeader(name))]))
}

/** Fits the built web app: its own files, and styles that charts set on elements. */
const pagePolicy = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
}

function hasKey({ headers }: FastifyRequest): boolean {
  return headers.authorization !== undefined
}

function isExempt({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url !== undefined && exempt.has(routeOptions.url)
}
