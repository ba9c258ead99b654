import type { Meter } from '@tollgate/testing/catalog'
import type { Answer, Operation, Request, Use } from './history.ts'
import { toldOfUses, tookEffect } from './history.ts'
import type { Random } from './random.ts'
import { createRandom } from './random.ts'

/** What callers need to know of the world that they call. */
export interface Target {
  apiKey: string
  /** A server that should answer. */
  url(random: Random): string
  /** Resolves at once while an answer can be had, and otherwise as soon as one can. */
  up(): Promise<void>
}

export interface Users {
  /** Consume and reserve only, and settle what they reserved at most. */
  strict: readonly string[]
  /** Do everything. */
  free: readonly string[]
}

export interface LoadOptions {
  seed: number
  /** Instants that late usage is dated. */
  past: readonly string[]
  /** The longest reservation of the free users; those of the strict ones never expire here. */
  freeTtlSeconds?: number
}

const LONG_TTL_SECONDS = 86_400
const METERS: readonly Meter[] = ['tokens', 'apiCalls']
/** More than any recovery takes, so that a server that never gets well is found. */
const MAX_ATTEMPTS = 500
/** A call that hangs is found, and a busy machine is not taken for one. */
const ANSWER_WITHIN_MS = 60_000

/**
 * Callers of every verb over HTTP, who send a call again until it is answered, under the same key. What they want
 * is drawn from the seed; how their calls meet is up to the machine.
 */
export class Load {
  readonly history: Operation[] = []
  /** How many calls had taken effect, though their first answer was lost: their retry was told so. */
  answersLost = 0
  readonly #target: Target
  readonly #seed: number
  readonly #past: readonly string[]
  readonly #freeTtlSeconds: number
  #events = 0
  #moments: { at: number; reached: () => void }[] = []
  readonly #open = new Map<string, { reservationId: string; amount: number; strict: boolean }>()
  readonly #usages = new Set<string>()
  #callers = 0

  constructor(target: Target, { seed, past, freeTtlSeconds = LONG_TTL_SECONDS }: LoadOptions) {
    this.#target = target
    this.#seed = seed
    this.#past = past
    this.#freeTtlSeconds = freeTtlSeconds
  }

  /** Resolves when so many more calls were sent and answers received, counted together. */
  after(events: number): Promise<void> {
    return new Promise((resolve) => {
      this.#moments.push({ at: this.#events + events, reached: resolve })
    })
  }

  /** So many callers at once, each with so many calls one after the other; resolves when all are answered. */
  async run(users: Users, { callers, each }: { callers: number; each: number }): Promise<void> {
    const lives = Array.from({ length: callers }, async () => {
      this.#callers += 1
      const caller = this.#callers
      const random = createRandom(this.#seed + caller * 7_919)
      for (let nth = 1; nth <= each; nth += 1) {
        await this.#act(this.#draw(users, random, `${caller}.${nth}`), random)
      }
    })
    await Promise.all(lives)
  }

  /** Sends every call that took effect once more. */
  async repeatAll(): Promise<void> {
    const random = createRandom(this.#seed)
    const effective = this.#repeatable()
    while (effective.length > 0) {
      await Promise.all(effective.splice(0, 50).map((operation) => this.#send(operation, random)))
    }
  }

  /** Settles whatever is still reserved, as somebody must be able to. */
  async settleAll(): Promise<void> {
    const random = createRandom(this.#seed)
    const closed = new Set(
      this.history
        .filter(tookEffect)
        .flatMap(({ request: { verb, input } }) =>
          verb === 'settle' || verb === 'release' ? [input.reservationId] : [],
        ),
    )
    for (const { reservationId, amount } of this.#open.values()) {
      if (closed.has(reservationId)) continue
      await this.#act(
        { request: { verb: 'settle', input: { reservationId, amount } }, answers: [] },
        random,
      )
    }
  }

  /**
   * Calls whose repeat is answered as the first one was. A reservation has used its key for good once it is settled: before,
   * it may expire or be released, and the same call then decides afresh.
   */
  #repeatable(): Operation[] {
    const effective = this.history.filter(tookEffect)
    const settled = new Set(
      effective.flatMap(({ request: { verb, input } }) =>
        verb === 'settle' ? [input.reservationId] : [],
      ),
    )
    return effective.filter(
      ({ request, answers }) =>
        request.verb !== 'reserve' ||
        answers.some(({ body }) => settled.has(body.reservationId ?? '')),
    )
  }

  #draw(users: Users, random: Random, name: string): Operation {
    if (random.chance(0.1)) {
      const before = random.pick(this.#repeatable())
      if (before) return before
    }
    return { request: this.#drawRequest(users, random, name), answers: [] }
  }

  #drawRequest(users: Users, random: Random, name: string): Request {
    const strict = random.chance(0.5)
    const userId = random.pick(strict ? users.strict : users.free) ?? ''
    const use = (suffix = ''): Use => ({
      userId,
      meter: random.pick(METERS) ?? 'tokens',
      amount: random.int(1, 5),
      idempotencyKey: random.chance(0.05) ? this.#usedKey(random) : `key-${name}${suffix}`,
    })
    const kind = random.int(1, 100)
    if (kind <= 25) return { verb: 'consume', input: use() }
    if (kind <= 45) {
      const ttlSeconds = strict ? LONG_TTL_SECONDS : random.int(1, this.#freeTtlSeconds)
      return { verb: 'reserve', input: { ...use(), ttlSeconds } }
    }
    if (kind <= 70) return this.#drawClosing(random) ?? { verb: 'consume', input: use() }
    if (strict) return { verb: 'consume', input: use() }
    const usageId = random.pick([...this.#usages])
    if (kind <= 77 && usageId !== undefined) {
      return { verb: 'void', input: { usageId, reason: random.chance(0.8) ? 'a' : 'b' } }
    }
    const dated = (suffix?: string): Use => {
      const occurredAt = random.chance(0.3) ? random.pick(this.#past) : undefined
      return { ...use(suffix), ...(occurredAt !== undefined && { occurredAt }) }
    }
    if (kind <= 90) return { verb: 'record', input: dated() }
    const events = Array.from({ length: random.int(1, 4) }, (_, item) => dated(`.${item}`))
    return { verb: 'record-batch', input: { events } }
  }

  #usedKey(random: Random): string {
    const before = random.pick(this.history.filter(({ request }) => request.verb === 'consume'))
    const [told] = before ? toldOfUses(before) : []
    return told?.use.idempotencyKey ?? 'key'
  }

  #drawClosing(random: Random): Request | null {
    const open = random.pick([...this.#open.values()])
    if (!open) return null
    const { reservationId, amount, strict } = open
    if (random.chance(0.3)) return { verb: 'release', input: { reservationId } }
    const settled = random.int(0, strict ? amount : amount * 2)
    return { verb: 'settle', input: { reservationId, amount: settled } }
  }

  /** Once or, by chance, twice at the same time. What may expire is sent once. */
  async #act(operation: Operation, random: Random): Promise<void> {
    if (!this.history.includes(operation)) this.history.push(operation)
    const { verb, input } = operation.request
    const twice = random.chance(0.15) && (verb !== 'reserve' || isStrict(input.userId))
    const sent = [this.#send(operation, random), ...(twice ? [this.#send(operation, random)] : [])]
    await Promise.all(sent)
    // Only now: another caller may release what this one has reserved.
    for (const answer of operation.answers) this.#learn(operation, answer)
  }

  async #send(operation: Operation, random: Random): Promise<void> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      await this.#target.up()
      const answer = await this.#attempt(operation.request, this.#target.url(random))
      if (!answer) continue
      operation.answers.push(answer)
      if (operation.answers.length === 1 && answer.body.replayed) this.answersLost += 1
      return
    }
    throw new Error(`never answered: ${JSON.stringify(operation.request)}`)
  }

  /** Null where no answer came, or one that says to come again. */
  async #attempt({ verb, input }: Request, url: string): Promise<Answer | null> {
    this.#count()
    try {
      const response = await fetch(`${url}/api/usage/${verb}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.#target.apiKey}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(input),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      const { status } = response
      const body = (await response.json()) as Answer['body']
      this.#count()
      return status === 503 ? null : { status, body }
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') throw error
      return null
    }
  }

  #count(): void {
    this.#events += 1
    for (const { reached } of this.#moments.filter(({ at }) => at === this.#events)) reached()
  }

  #learn({ request }: Operation, { body }: Answer): void {
    if (request.verb === 'reserve' && body.reservationId) {
      const { reservationId } = body
      const { userId, amount } = request.input
      this.#open.set(reservationId, { reservationId, amount, strict: isStrict(userId) })
    }
    // Who takes back is none of those who only consume and reserve.
    const takesBack =
      (request.verb === 'record' || request.verb === 'consume') && !isStrict(request.input.userId)
    if (takesBack && body.usageId) this.#usages.add(body.usageId)
  }
}

function isStrict(userId: string): boolean {
  return userId.startsWith('strict')
}
