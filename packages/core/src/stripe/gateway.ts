import { setTimeout as sleep } from 'node:timers/promises'
import Stripe from 'stripe'
import { toTollgateError } from './stripe-error.ts'

export interface StripeOptions {
  secretKey: string
  /** Several while a secret is being rolled. */
  webhookSecrets: readonly string[]
  /** Where the API is, when it is not Stripe's own: the local emulator. */
  apiBase?: string
}

/** The only way to Stripe. */
export interface StripeGateway {
  readonly webhookSecrets: readonly string[]
  /** Whether the key is of live mode. Events of the other mode are ignored. */
  readonly livemode: boolean
  /**
   * Calls Stripe. A read may be repeated; give each write an `idempotencyKey`, so that a repeat has no second effect.
   * Throws STRIPE_REJECTED when Stripe refused the request, STRIPE_UNAVAILABLE when it did not answer: then a write may
   * or may not have happened.
   */
  call<T>(work: (stripe: Stripe) => Promise<T>): Promise<T>
  /** The same Stripe, where each request waits for `turn` first: repeats by the client and pages of a list do too. */
  paced(turn: () => Promise<void>): StripeGateway
}

/**
 * Twice the time of Stripe's slowest answers: until one begins, and from then until it is whole. With two retries a silent
 * Stripe has cost a minute.
 */
const TIMEOUT_MS = 20_000
const MAX_RETRIES = 2

export function openStripe(options: StripeOptions, turn?: () => Promise<void>): StripeGateway {
  const { secretKey, webhookSecrets, apiBase } = options
  const base = apiBase === undefined ? undefined : new URL(apiBase)
  const client = new Stripe(secretKey, {
    telemetry: false,
    maxNetworkRetries: MAX_RETRIES,
    timeout: TIMEOUT_MS,
    httpClient: createHttpClient(turn),
    ...(base && {
      host: base.hostname,
      port: base.port || (base.protocol === 'http:' ? '80' : '443'),
      protocol: base.protocol === 'http:' ? 'http' : 'https',
    }),
  })
  return {
    webhookSecrets,
    livemode: /^[a-z]+_live_/.test(secretKey),
    async call(work) {
      try {
        return await work(client)
      } catch (error) {
        throw toTollgateError(error)
      }
    },
    paced: (turnOf) => openStripe(options, turnOf),
  }
}

type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>
type HttpResponse = Awaited<ReturnType<HttpClient['makeRequest']>>

/**
 * The HTTP client of the Stripe client. Each request waits for its `turn`, where there is one. A response that is no
 * success and names no error (of a proxy, for example) becomes an error: the client would take it for a success.
 */
function createHttpClient(turn?: () => Promise<void>): HttpClient {
  const client = Stripe.createNodeHttpClient()
  return {
    getClientName: () => client.getClientName(),
    makeRequest: async (...request) => {
      await turn?.()
      return guarded(await inTime(client.makeRequest(...request)))
    },
  }
}

function guarded(response: HttpResponse): HttpResponse {
  return {
    getStatusCode: () => response.getStatusCode(),
    getHeaders: () => response.getHeaders(),
    getRawResponse: () => response.getRawResponse(),
    toStream: (onEnd) => response.toStream(onEnd),
    dispose: () => response.dispose?.(),
    toJSON: async () => {
      const body: unknown = await inTime(response.toJSON())
      const status = response.getStatusCode()
      if (isObject(body) && (status < 300 || 'error' in body)) return body
      // The client treats this as any body that it can't read.
      throw new Error(`an answer ${status} that names no error`)
    },
  }
}

/** The client's own time limit is of silence: an answer that comes a byte at a time would never meet it. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const patience = new AbortController()
  const tooLong = sleep(TIMEOUT_MS, undefined, { signal: patience.signal }).then(() => {
    // The code by which the client knows a timeout, and asks again.
    throw Object.assign(new Error('Stripe took too long to answer'), { code: 'ETIMEDOUT' })
  })
  tooLong.catch(() => undefined)
  try {
    return await Promise.race([work, tooLong])
  } finally {
    patience.abort()
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
