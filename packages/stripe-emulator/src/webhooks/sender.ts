import type { Clock } from '../core/clock.ts'
import { toSeconds } from '../core/clock.ts'
import type { Engine } from '../core/engine.ts'
import type { EmulatorFaults } from '../core/faults/emulator-faults.ts'
import type { DeliveryFault } from '../core/faults/fault.ts'
import type { Store } from '../core/store/store.ts'
import type { Delivery, DeliveryAttempt, Event, ThinEvent } from '../documents.ts'
import { inVersion } from '../http/versions/render.ts'
import { attempt } from './attempt.ts'
import { DelayedDeliveries } from './delayed.ts'
import { recordAttempt } from './record-attempt.ts'
import type { WebhookOptions } from './targets.ts'

/** How long a webhook with a `reorder` fault waits for another one to be sent first. */
const REORDER_WITHIN_MS = 2_000

export interface SenderParts {
  engine: Engine
  store: Store
  /** The base clock: receivers check signatures against real time, not against the emulator's. */
  clock: Clock
  configured: readonly WebhookOptions[]
  faults: EmulatorFaults
}

/**
 * Sends deliveries, one after the other to an endpoint, in parallel to different endpoints. A response that
 * is not 2xx is retried later, until the attempts are used up. Deliveries are documents, so a restart
 * continues with them.
 */
export class WebhookSender {
  readonly #parts: SenderParts
  readonly #queues = new Map<string, string[]>()
  readonly #running = new Map<string, Promise<void>>()
  readonly #delayed = new DelayedDeliveries((id) => this.enqueue([id]))
  /** By endpoint, the delivery that waits for another one to be sent first. */
  readonly #reordered = new Map<string, string>()
  /** Deliveries whose fault was already applied: their next attempt is made without one. */
  readonly #faultApplied = new Set<string>()
  readonly #stop = new AbortController()

  constructor(parts: SenderParts) {
    this.#parts = parts
  }

  /** Continues with the pending deliveries of an earlier process. */
  resume(): void {
    const left = this.#parts.store.find('deliveries', { index: 'status', key: 'pending' })
    this.enqueue(left.map((delivery) => delivery.id).reverse())
  }

  /** Queues deliveries; each is sent once the earlier ones to its endpoint are done. */
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

  /** Sends one delivery now, outside the queue and without faults; resolves when it was sent. */
  async resend(id: string): Promise<void> {
    const delivery = this.#parts.store.get('deliveries', id)
    if (delivery === undefined || this.#stop.signal.aborted) return
    this.#delayed.remove(id)
    if (this.#reordered.get(delivery.endpoint) === id) this.#reordered.delete(delivery.endpoint)
    this.#faultApplied.delete(id)
    const sending = this.#send(delivery, null).finally(() => this.#running.delete(id))
    this.#running.set(id, sending)
    await sending
  }

  /**
   * Resolves when nothing is left to send. Delays between attempts are skipped: a delayed delivery is sent
   * at once, until it has succeeded or its attempts are used up.
   */
  async settled(): Promise<void> {
    while (this.#running.size > 0 || this.#delayed.size > 0) {
      await Promise.all(this.#running.values())
      if (this.#running.size === 0) this.enqueue(this.#delayed.takeAll())
    }
  }

  /** Stops sending; deliveries without a response stay pending. */
  async close(): Promise<void> {
    this.#stop.abort()
    this.#delayed.takeAll()
    await Promise.all(this.#running.values())
  }

  #run(endpoint: string, queue: string[]): void {
    const work = async () => {
      // After the response to the request that caused it.
      await new Promise((resolve) => setImmediate(resolve))
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) await this.#next(id)
    }
    const running = work().finally(() => this.#running.delete(endpoint))
    this.#running.set(endpoint, running)
  }

  /** Sends the next delivery of a queue, unless a fault delays it; then the one that it has overtaken. */
  async #next(id: string): Promise<void> {
    const delivery = this.#parts.store.get('deliveries', id)
    if (delivery?.status !== 'pending' || this.#stop.signal.aborted) return
    if (this.#reordered.get(delivery.endpoint) === id) this.#reordered.delete(delivery.endpoint)
    const fault = this.#faultOf(delivery)
    if (fault?.kind === 'delay') return this.#postpone(id, fault.delayMs)
    const overtaken = this.#reordered.get(delivery.endpoint)
    if (fault?.kind === 'reorder' && overtaken === undefined) {
      this.#reordered.set(delivery.endpoint, id)
      return this.#postpone(id, REORDER_WITHIN_MS)
    }
    const releases = overtaken !== undefined && fault?.kind !== 'drop'
    if (releases) this.#delayed.remove(overtaken)
    await this.#send(delivery, fault)
    if (releases) await this.#next(overtaken)
  }

  #postpone(id: string, delayMs: number): void {
    this.#faultApplied.add(id)
    this.#delayed.add(id, delayMs)
  }

  #faultOf({ id, event: eventId, url }: Delivery): DeliveryFault | null {
    const event = eventOf(this.#parts.store, eventId)
    if (this.#faultApplied.delete(id) || event === undefined) return null
    return this.#parts.faults.forDelivery({ eventType: event.type, url })
  }

  async #send(delivery: Delivery, fault: DeliveryFault | null): Promise<void> {
    const made: DeliveryAttempt[] = []
    if (fault?.kind === 'drop') made.push(this.#notSent(null, 'drop'))
    else made.push(await this.#attempt(delivery))
    if (fault?.kind === 'duplicate') {
      made.push({ ...(await this.#attempt(delivery)), fault: 'duplicate' })
    }
    if (this.#stop.signal.aborted) return
    const retryAfterMs = this.#parts.engine.transact((ctx) => recordAttempt(ctx, delivery.id, made))
    if (retryAfterMs !== null) this.#delayed.add(delivery.id, retryAfterMs)
  }

  async #attempt({ event: eventId, endpoint, url }: Delivery): Promise<DeliveryAttempt> {
    const { store, clock, engine } = this.#parts
    const event = eventOf(store, eventId)
    const secret = this.#secretOf(endpoint)
    if (event === undefined || secret === undefined) {
      return this.#notSent('the endpoint was deleted', null)
    }
    try {
      // No event is sent that a power cut could still undo.
      await engine.durable()
    } catch (error) {
      return this.#notSent(String(error), null)
    }
    const rendered = this.#render(event, endpoint)
    return attempt({ event: rendered, url, secret, clock, signal: this.#stop.signal })
  }

  #notSent(error: string | null, fault: string | null): DeliveryAttempt {
    const at = toSeconds(this.#parts.clock.now())
    return { at, status: null, body: '', error, fault }
  }

  /** Renders an event in the API version of its endpoint, or in its own where the endpoint has none; a thin one has no version. */
  #render(event: Event | ThinEvent, endpoint: string): object {
    if (event.object === 'v2.core.event') {
      const { data: _data, ...notification } = event
      return notification
    }
    const { store } = this.#parts
    const version = store.get('webhook_endpoints', endpoint)?.api_version ?? event.api_version
    return inVersion(store, { ...event, api_version: version }, version) as object
  }

  #secretOf(endpoint: string): string | undefined {
    const index = /^configured_(\d+)$/.exec(endpoint)?.[1]
    if (index !== undefined) return this.#parts.configured[Number(index)]?.secret
    return this.#parts.store.get('webhook_endpoints', endpoint)?.secret
  }
}

/** The event of a delivery, of either API. */
function eventOf(store: Store, id: string): Event | ThinEvent | undefined {
  return store.get('events', id) ?? store.get('thin_events', id)
}
