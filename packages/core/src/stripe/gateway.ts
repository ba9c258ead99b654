import { setTimeout as sleep } from 'node:timers/promises'
import Stripe from 'stripe'
import { operationOf } from './operations/operations.ts'
import { toTollgateError } from './stripe-error.ts'

/** What Stripe answered to a call. */
export interface Answered {
  /** Its name in the list of operations; method and path of one that is not in it. */
  operation: string
  /** Stripe's words, where it refused the key; null where it accepted it. */
  refusal: string | null
}

export interface StripeOptions {
  secretKey: string
  /** Several while a secret is being rolled. */
  webhookSecrets: readonly string[]
  /** Where the API is, when it is not Stripe's own: the local emulator. */
  apiBase?: string
  /** Called with each answer by which Stripe accepts or refuses the key. */
  onAnswer?: (answered: Answered) => void
}

/** The only way to Stripe. */
export interface StripeGateway {
  readonly webhookSecrets: readonly string[]
  /** Whether the key is of live mode. Events of the other mode are ignored. */
  readonly livemode: boolean
  /**
   * Calls Stripe. A read may be repeated; give each write an `idempotencyKey`, so that a repeat has no second effect.
   * Throws STRIPE_REJECTED when Stripe refused the request, STRIPE_UNAVAILABLE when it did not answer (then a write may
   * or may not have happened) or refused the key, which is for the operator to see to.
   */
  call<T>(work: (stripe: Stripe) => Promise<T>): Promise<T>
  /**
   * The same Stripe for long work that nobody waits for: each request waits for `turn` first, repeats and pages of a list
   * too, and a read that Stripe fails to answer is repeated more often.
   */
  paced(turn: () => Promise<void>): StripeGateway
}

/**
 * Twice the time of Stripe's slowest answers: until one begins, and from then until it is whole. With two retries a silent
 * Stripe has cost a minute.
 */
const TIMEOUT_MS = 20_000
const MAX_RETRIES = 2
/** How often a paced read is sent: of ten reads of which each second one fails, all succeed. */
const PACED_TRIES = 6

export function openStripe(options: StripeOptions, turn?: () => Promise<void>): StripeGateway {
  const { secretKey, webhookSecrets, apiBase } = options
  const base = apiBase === undefined ? undefined : new URL(apiBase)
  const client = new Stripe(secretKey, {
    telemetry: false,
    // A paced read is repeated below, where each repeat waits for its turn.
    maxNetworkRetries: turn === undefined ? MAX_RETRIES : 0,
    timeout: TIMEOUT_MS,
    httpClient: createHttpClient(turn, options.onAnswer),
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
 * The HTTP client of the Stripe client. Each request waits for its `turn`, where there is one. `onAnswer` is called with
 * what Stripe says to the key. A response that is no
 * success and names no error (of a proxy, for example) becomes an error: the client would take it for a success.
 */
function createHttpClient(
  turn: (() => Promise<void>) | undefined,
  onAnswer: StripeOptions['onAnswer'],
): HttpClient {
  const client = Stripe.createNodeHttpClient()
  return {
    getClientName: () => client.getClientName(),
    makeRequest: async (...request) => {
      const [, , path, method] = request
      const operation = operationOf(method, path) ?? `${method} ${path.split('?')[0]}`
      const tries = turn !== undefined && method === 'GET' ? PACED_TRIES : 1
      const response = await send(() => inTime(client.makeRequest(...request)), { turn, tries })
      return guarded(response, (body, status) => {
        const refusal = refusalIn(body, status)
        if (refusal !== null || isAccepted(status)) onAnswer?.({ operation, refusal })
      })
    },
  }
}

/** Sends a request until Stripe answers it, so often at most: a failure of Stripe's own is no answer. */
async function send(
  request: () => Promise<HttpResponse>,
  { turn, tries }: { turn: (() => Promise<void>) | undefined; tries: number },
): Promise<HttpResponse> {
  for (let tried = 1; ; tried += 1) {
    await turn?.()
    const response = await request()
    const status = response.getStatusCode()
    if (tried === tries || (status !== 429 && status < 500)) return response
    response.dispose?.()
  }
}

/** Whether Stripe let the key do this: it did it, or found something else wrong with it. */
function isAccepted(status: number): boolean {
  return status < 300 || status === 400 || status === 402 || status === 404
}

/** Stripe's words where it refuses the key (401) or what the key may do (403). */
function refusalIn(body: object, status: number): string | null {
  if (status !== 401 && status !== 403) return null
  const error = 'error' in body ? body.error : null
  const message = isObject(error) && 'message' in error ? error.message : null
  return typeof message === 'string' ? message : `an answer ${status}`
}

function guarded(
  response: HttpResponse,
  onBody: (body: object, status: number) => void,
): HttpResponse {
  return {
    getStatusCode: () => response.getStatusCode(),
    getHeaders: () => response.getHeaders(),
    getRawResponse: () => response.getRawResponse(),
    toStream: (onEnd) => response.toStream(onEnd),
    dispose: () => response.dispose?.(),
    toJSON: async () => {
      const body: unknown = await inTime(response.toJSON())
      const status = response.getStatusCode()
      if (isObject(body) && (status < 300 || 'error' in body)) {
        onBody(body, status)
        return body
      }
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
