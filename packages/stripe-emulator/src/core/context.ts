import type { CollectionName, Documents, Event, EventObject } from '../documents.ts'
import { longId } from './ids.ts'
import type { Store } from './store.ts'

/** The request that is being answered, as its events name it. */
export interface RequestInfo {
  id: string | null
  idempotencyKey: string | null
}

/** What the account is set to do. */
export interface Settings {
  /** Where the hosted pages are reached: `http://127.0.0.1:12111`. */
  baseUrl: string
  dunning: Dunning
  /** How many days before a renewal its invoice is told of; null: it is not. */
  upcomingInvoiceDays: number | null
  /** The version of requests and events that name none. */
  apiVersion: string
}

/** What happens after a renewal could not be charged. */
export interface Dunning {
  /** Days between one failed attempt and the next; as many retries as there are entries. */
  retryAfterDays: readonly number[]
  /** What becomes of the subscription when the last retry has failed. */
  finally: 'cancel' | 'unpaid' | 'past_due' | 'pause'
  /** Whether a renewal that fails pauses the subscription at once. */
  pauseOnFirstFailure?: boolean
}

interface ContextParts {
  store: Store
  settings: Settings
  request: RequestInfo
  /** The main time, in seconds. */
  now: number
}

/** What every verb of the core gets first: the state, the time, and a place for events. */
export class Context {
  readonly store: Store
  readonly settings: Settings
  readonly request: RequestInfo
  readonly now: number
  /** Ids of the events written so far, and whether they wait for the last state of their object. */
  readonly events: { id: string; awaitsLast: boolean }[] = []

  constructor(parts: ContextParts) {
    this.store = parts.store
    this.settings = parts.settings
    this.request = parts.request
    this.now = parts.now
  }

  /** The time for what belongs to a test clock (its frozen time), or the main time. */
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

  /** Writes an event with the object as it is now. */
  emit(type: Event['type'], object: EventObject, previous?: object): void {
    this.#write(this.#eventOf(type, object, previous), false)
  }

  /**
   * Writes an event whose object will be as it is at the end of this request: Stripe's
   * `invoice.finalized` of an invoice that is paid at once already says `paid` [recorded].
   */
  emitLast(type: Event['type'], object: EventObject): void {
    this.#write(this.#eventOf(type, object), true)
  }

  #write(event: Event, awaitsLast: boolean): void {
    this.store.put('events', event)
    this.events.push({ id: event.id, awaitsLast })
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
