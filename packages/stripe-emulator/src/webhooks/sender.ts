import type { Clock } from '../core/clock.ts'
import { toSeconds } from '../core/clock.ts'
import type { Engine } from '../core/engine.ts'
import type { EmulatorFaults } from '../core/faults/emulator-faults.ts'
import type { DeliveryFault } from '../core/faults/fault.ts'
import type { Store } from '../core/store.ts'
import type { Delivery, DeliveryAttempt, Event } from '../documents.ts'
import { inVersion } from '../http/versions/render.ts'
import { attempt } from './attempt.ts'
import { concludeAttempt } from './conclude.ts'
import type { WebhookOptions } from './targets.ts'
import { Waiting } from './waiting.ts'

/** How long a webhook that is to be overtaken waits for one to overtake it. */
const REORDER_WITHIN_MS = 2_000

export interface SenderParts {
  engine: Engine
  store: Store
  /** The receivers' time: signatures are judged by it, whatever the virtual time says. */
  clock: Clock
  configured: readonly WebhookOptions[]
  faults: EmulatorFaults
}

/**
 * Sends deliveries: to one endpoint one after the other, to several side by side. Not 2xx: again
 * later, until the attempts are used up. Deliveries are documents, so a restart goes on with them.
 */
export class WebhookSender {
  readonly #parts: SenderParts
  readonly #queues = new Map<string, string[]>()
  readonly #running = new Map<string, Promise<void>>()
  readonly #waiting = new Waiting((id) => this.enqueue([id]))
  /** By endpoint, the delivery that waits to be overtaken. */
  readonly #held = new Map<string, string>()
  /** Deliveries whose fault has been decided: their next attempt is made as it is. */
  readonly #decided = new Set<string>()
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

  /** Sends one delivery now, past the queue and whatever faults there are; resolves when it was. */
  async resend(id: string): Promise<void> {
    const delivery = this.#parts.store.get('deliveries', id)
    if (delivery === undefined || this.#stop.signal.aborted) return
    this.#waiting.remove(id)
    if (this.#held.get(delivery.endpoint) === id) this.#held.delete(delivery.endpoint)
    this.#decided.delete(id)
    const sending = this.#send(delivery, null).finally(() => this.#running.delete(id))
    this.#running.set(id, sending)
    await sending
  }

  /**
   * Resolves when nothing is left to send. It does not wait for the pauses between attempts: what
   * waits for one is tried at once, until it has succeeded or its attempts are used up.
   */
  async settled(): Promise<void> {
    while (this.#running.size > 0 || this.#waiting.size > 0) {
      await Promise.all(this.#running.values())
      if (this.#running.size === 0) this.enqueue(this.#waiting.takeAll())
    }
  }

  /** Stops sending; what was not answered yet stays to be sent. */
  async close(): Promise<void> {
    this.#stop.abort()
    this.#waiting.takeAll()
    await Promise.all(this.#running.values())
  }

  #run(endpoint: string, queue: string[]): void {
    const work = async () => {
      // Off the request that caused it: its answer goes out first.
      await new Promise((resolve) => setImmediate(resolve))
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) await this.#next(id)
    }
    const running = work().finally(() => this.#running.delete(endpoint))
    this.#running.set(endpoint, running)
  }

  /** Sends the next of a queue, unless a fault lets it wait; then the one that it has overtaken. */
  async #next(id: string): Promise<void> {
    const delivery = this.#parts.store.get('deliveries', id)
    if (delivery?.status !== 'pending' || this.#stop.signal.aborted) return
    if (this.#held.get(delivery.endpoint) === id) this.#held.delete(delivery.endpoint)
    const fault = this.#faultOf(delivery)
    if (fault?.kind === 'delay') return this.#postpone(id, fault.delayMs)
    const overtaken = this.#held.get(delivery.endpoint)
    if (fault?.kind === 'reorder' && overtaken === undefined) {
      this.#held.set(delivery.endpoint, id)
      return this.#postpone(id, REORDER_WITHIN_MS)
    }
    const releases = overtaken !== undefined && fault?.kind !== 'drop'
    if (releases) this.#waiting.remove(overtaken)
    await this.#send(delivery, fault)
    if (releases) await this.#next(overtaken)
  }

  #postpone(id: string, delayMs: number): void {
    this.#decided.add(id)
    this.#waiting.add(id, delayMs)
  }

  #faultOf({ id, event: eventId, url }: Delivery): DeliveryFault | null {
    const event = this.#parts.store.get('events', eventId)
    if (this.#decided.delete(id) || event === undefined) return null
    return this.#parts.faults.ofDelivery({ eventType: event.type, url })
  }

  async #send(delivery: Delivery, fault: DeliveryFault | null): Promise<void> {
    const made: DeliveryAttempt[] = []
    if (fault?.kind === 'drop') made.push(this.#notSent(null, 'drop'))
    else made.push(await this.#attempt(delivery))
    if (fault?.kind === 'duplicate') {
      made.push({ ...(await this.#attempt(delivery)), fault: 'duplicate' })
    }
    if (this.#stop.signal.aborted) return
    const pause = this.#parts.engine.transact((ctx) => concludeAttempt(ctx, delivery.id, made))
    if (pause !== null) this.#waiting.add(delivery.id, pause)
  }

  async #attempt({ event: eventId, endpoint, url }: Delivery): Promise<DeliveryAttempt> {
    const { store, clock, engine } = this.#parts
    const event = store.get('events', eventId)
    const secret = this.#secretOf(endpoint)
    if (event === undefined || secret === undefined) {
      return this.#notSent('the endpoint is gone', null)
    }
    try {
      // Nobody is told of what a power cut could still undo.
      await engine.durable()
    } catch (error) {
      return this.#notSent(String(error), null)
    }
    const shown = this.#shown(event, endpoint)
    return attempt({ event: shown, url, secret, clock, signal: this.#stop.signal })
  }

  #notSent(error: string | null, fault: string | null): DeliveryAttempt {
    const at = toSeconds(this.#parts.clock.now())
    return { at, status: null, body: '', error, fault }
  }

  /** An event in the version of its endpoint, or in its own where the endpoint has none. */
  #shown(event: Event, endpoint: string): Event {
    const { store } = this.#parts
    const version = store.get('webhook_endpoints', endpoint)?.api_version ?? event.api_version
    return inVersion(store, { ...event, api_version: version }, version) as Event
  }

  #secretOf(endpoint: string): string | undefined {
    const index = /^configured_(\d+)$/.exec(endpoint)?.[1]
    if (index !== undefined) return this.#parts.configured[Number(index)]?.secret
    return this.#parts.store.get('webhook_endpoints', endpoint)?.secret
  }
}
