import { type Clock, toSeconds } from '../core/clock.ts'
import type { Engine } from '../core/engine.ts'
import type { Faults } from '../core/faults.ts'
import type { Store } from '../core/store.ts'
import type { Delivery, Event } from '../documents.ts'
import { signatureOf } from './signature.ts'
import type { WebhookOptions } from './targets.ts'

/** Pauses between the attempts of a delivery: shorter than Stripe's, for people who wait. */
const RETRY_AFTER_MS = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000]
const TIMEOUT_MS = 10_000

export interface SenderParts {
  engine: Engine
  store: Store
  /** The receivers' time: signatures are judged by it, whatever the virtual time says. */
  clock: Clock
  configured: readonly WebhookOptions[]
  faults: Faults
}

/**
 * Sends deliveries: to one endpoint one after the other, to several side by side. Not 2xx: again
 * later, until the attempts are used up. Deliveries are documents, so a restart goes on with them.
 */
export class WebhookSender {
  readonly #parts: SenderParts
  readonly #queues = new Map<string, string[]>()
  readonly #running = new Map<string, Promise<void>>()
  readonly #waiting = new Map<string, NodeJS.Timeout>()
  readonly #stop = new AbortController()

  constructor(parts: SenderParts) {
    this.#parts = parts
  }

  /** Takes up what an earlier process has left undone. */
  resume(): void {
    const left = this.#parts.store.find('deliveries', { index: 'status', key: 'pending' })
    this.enqueue(left.map((delivery) => delivery.id).reverse())
  }

  /** Sends deliveries as soon as their endpoint is free. */
  enqueue(ids: readonly string[]): void {
    if (this.#stop.signal.aborted) return
    for (const id of ids) {
      const delivery = this.#parts.store.get('deliveries', id)
      if (delivery === undefined) continue
      const queue = this.#queues.get(delivery.endpoint) ?? []
      this.#queues.set(delivery.endpoint, queue)
      queue.push(id)
      if (!this.#running.has(delivery.endpoint)) this.#run(delivery.endpoint, queue)
    }
  }

  /**
   * Resolves when nothing is left to send. It does not wait for the pauses between attempts: what
   * waits for one is tried at once, until it has succeeded or its attempts are used up.
   */
  async settled(): Promise<void> {
    while (this.#running.size > 0 || this.#waiting.size > 0) {
      const waiting = [...this.#waiting]
      this.#waiting.clear()
      for (const [, timer] of waiting) clearTimeout(timer)
      this.enqueue(waiting.map(([id]) => id))
      await Promise.all(this.#running.values())
    }
  }

  /** Stops sending; what was not answered yet stays to be sent. */
  async close(): Promise<void> {
    this.#stop.abort()
    for (const timer of this.#waiting.values()) clearTimeout(timer)
    this.#waiting.clear()
    await Promise.all(this.#running.values())
  }

  #run(endpoint: string, queue: string[]): void {
    const work = async () => {
      // Off the request that caused it: its answer goes out first.
      await new Promise((resolve) => setImmediate(resolve))
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) await this.#attempt(id)
    }
    const running = work().finally(() => this.#running.delete(endpoint))
    this.#running.set(endpoint, running)
  }

  async #attempt(id: string): Promise<void> {
    const { store, faults } = this.#parts
    const delivery = store.get('deliveries', id)
    const event = delivery === undefined ? undefined : store.get('events', delivery.event)
    if (delivery === undefined || event === undefined || this.#stop.signal.aborted) return
    const fault = faults.onDelivery?.({ eventType: event.type, url: delivery.url }) ?? null
    if (fault === 'drop') return this.#conclude(delivery, null)
    const error = await this.#post(delivery, event)
    if (fault === 'duplicate') await this.#post(delivery, event)
    if (!this.#stop.signal.aborted) this.#conclude(delivery, error)
  }

  async #post(delivery: Delivery, event: Event): Promise<string | null> {
    const secret = this.#secretOf(delivery.endpoint)
    if (secret === undefined) return 'the endpoint is gone'
    const body = JSON.stringify(event, null, 2)
    const seconds = toSeconds(this.#parts.clock.now())
    try {
      const response = await fetch(delivery.url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'Stripe-Signature': signatureOf(body, secret, seconds),
          'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
        body,
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      })
      await response.arrayBuffer()
      return response.ok ? null : `answered ${response.status}`
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      return cause instanceof Error ? cause.message : String(cause)
    }
  }

  #secretOf(endpoint: string): string | undefined {
    const index = /^configured_(\d+)$/.exec(endpoint)?.[1]
    if (index !== undefined) return this.#parts.configured[Number(index)]?.secret
    return this.#parts.store.get('webhook_endpoints', endpoint)?.secret
  }

  #conclude(delivery: Delivery, error: string | null): void {
    const attempts = delivery.attempts + 1
    const pause = RETRY_AFTER_MS[attempts - 1]
    const failedForGood = error !== null && pause === undefined
    this.#parts.engine.transact((ctx) => {
      const status = error === null ? 'succeeded' : failedForGood ? 'failed' : 'pending'
      ctx.patch('deliveries', delivery.id, { attempts, status, lastError: error })
      const event = ctx.store.get('events', delivery.event)
      if (error === null && event !== undefined) {
        ctx.patch('events', event.id, { pending_webhooks: event.pending_webhooks - 1 })
      }
    })
    if (error === null || pause === undefined) return
    const timer = setTimeout(() => {
      this.#waiting.delete(delivery.id)
      this.enqueue([delivery.id])
    }, pause)
    timer.unref()
    this.#waiting.set(delivery.id, timer)
  }
}
