import type { CollectionName, Documents, Event, EventObject, ThinEvent } from '../documents.ts'
import { longId } from './ids.ts'
import type { Store } from './store/store.ts'

/** The current request, as the events that it causes name it. */
export interface RequestInfo {
  id: string | null
  idempotencyKey: string | null
}

/** The settings of the account. */
export interface Settings {
  /** The base URL of the hosted pages: `http://127.0.0.1:12111`. */
  baseUrl: string
  dunning: Dunning
  /** How many days before a renewal `invoice.upcoming` is sent; null: never. */
  upcomingInvoiceDays: number | null
  /** Whether the owner of the account has saved the settings of the customer portal. */
  hasPortalSettings: boolean
  tax: TaxOptions
  /** The API version of requests and events that name none. */
  apiVersion: string
  meterEvents: MeterProcessing
}

/** When reported usage is processed: at once, after a delay of the emulator's clock, or not until it is released. */
export interface MeterProcessing {
  hold: boolean
  delaySeconds: number
}

/** The rates of automatic tax, out of 100. */
export interface TaxOptions {
  /** The rate of a country that has none of its own; 0 by default. */
  percentage: number
  /** Rates by country: `{ DE: 19 }`. */
  byCountry: Record<string, number>
}

/** What happens after a renewal payment fails. */
export interface Dunning {
  /** Days between a failed attempt and the next one; one retry for each entry. */
  retryAfterDays: readonly number[]
  /** What happens to the subscription when the last retry has failed. */
  finally: 'cancel' | 'unpaid' | 'past_due' | 'pause'
  /** Whether the first failed payment of a renewal pauses the subscription. */
  pauseOnFirstFailure?: boolean | undefined
}

interface ContextParts {
  store: Store
  settings: Settings
  request: RequestInfo
  /** The main time, in seconds. */
  now: number
}

/** The first parameter of every operation: the state, the time, and the events of the transaction. */
export class Context {
  readonly store: Store
  readonly settings: Settings
  readonly request: RequestInfo
  #now: number
  /** Ids of the events written so far, and whether they carry the final state of their object. */
  readonly events: { id: string; usesFinalState: boolean }[] = []
  /** Whether this is a preview: everything is rolled back, and an unknown location is a status, not an error. */
  previewing = false

  /** Ids of the thin events written so far. */
  readonly thinEvents: string[] = []

  constructor(parts: ContextParts) {
    this.store = parts.store
    this.settings = parts.settings
    this.request = parts.request
    this.#now = parts.now
  }

  /** The main time, in seconds. */
  get now(): number {
    return this.#now
  }

  /**
   * Does work as if it were a later time: that of a test clock, or the main one. For previews: what the work writes
   * stays, so the caller rolls it back.
   */
  at<T>(instant: number, testClock: string | null, work: () => T): T {
    const main = this.#now
    const clock = this.store.get('test_clocks', testClock ?? '')
    if (clock === undefined) this.#now = instant
    else this.store.put('test_clocks', { ...clock, frozen_time: instant })
    try {
      return work()
    } finally {
      this.#now = main
      if (clock !== undefined) this.store.put('test_clocks', clock)
    }
  }

  /** The frozen time of a test clock; the main time where there is none. In seconds. */
  timeOf(testClock: string | null | undefined): number {
    if (testClock === null || testClock === undefined) return this.now
    return this.store.get('test_clocks', testClock)?.frozen_time ?? this.now
  }

  /** Replaces some fields of a document that is known to exist. */
  patch<Name extends CollectionName>(
    name: Name,
    id: string,
    changes: Partial<Documents[Name]>,
  ): Documents[Name] {
    const doc = this.store.get(name, id)
    if (doc === undefined) throw new Error(`${name} ${id} is gone`)
    return this.store.put(name, { ...doc, ...changes })
  }

  /** Writes an event that carries the object as it is now. */
  emit(type: Event['type'], object: EventObject, previous?: object): void {
    this.#write(this.#eventOf(type, object, previous), false)
  }

  /**
   * Writes an event that carries its object as it is at the end of this request. Stripe does so: the
   * `invoice.finalized` of an invoice that is paid at once already says `paid` (docs/stripe.md, fact 12).
   */
  emitWithFinalState(type: Event['type'], object: EventObject): void {
    this.#write(this.#eventOf(type, object), true)
  }

  /** Writes a thin event of the v2 API. */
  emitThin(event: ThinEvent): void {
    this.store.put('thin_events', event)
    this.thinEvents.push(event.id)
  }

  #write(event: Event, usesFinalState: boolean): void {
    this.store.put('events', event)
    this.events.push({ id: event.id, usesFinalState })
  }

  #eventOf(type: Event['type'], object: EventObject, previous?: object): Event {
    const testClock = 'test_clock' in object ? object.test_clock : null
    return {
      id: longId('evt'),
      object: 'event',
      api_version: this.settings.apiVersion,
      created: this.timeOf(typeof testClock === 'string' ? testClock : null),
      data: previous === undefined ? { object } : { object, previous_attributes: previous },
      livemode: false,
      pending_webhooks: 0,
      request: { id: this.request.id, idempotency_key: this.request.idempotencyKey },
      type,
    }
  }
}
