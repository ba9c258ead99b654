import type { Context } from '../../core/context.ts'
import { KEPT_SECONDS } from './event.ts'

/** The list is trimmed after this many expired batches. */
const TRIM_AFTER = 1_000

interface Batch {
  until: number
  ids: readonly string[]
}

/**
 * Deletes events and their deliveries after 30 days of the main time. `created` is no measure of it: the
 * events of a test clock have the time of that clock. Events with pending deliveries are kept. After a
 * restart the 30 days of every stored event begin again.
 */
export class Retention {
  readonly #batches: Batch[] = []
  #expired = 0

  /** Adds the events that were loaded from a data file. */
  restore(now: number, ids: readonly string[]): void {
    this.#batches.push({ until: now + KEPT_SECONDS, ids })
  }

  /** Adds the events of a transaction, and deletes the expired ones in it. */
  update(ctx: Context): void {
    if (ctx.events.length > 0) {
      const ids = ctx.events.map(({ id }) => id)
      this.#batches.push({ until: ctx.now + KEPT_SECONDS, ids })
    }
    for (let batch = this.#first(); batch && batch.until <= ctx.now; batch = this.#first()) {
      this.#expired += 1
      const waiting = batch.ids.filter((id) => !deleteEvent(ctx, id))
      if (waiting.length > 0) this.#batches.push({ until: ctx.now + KEPT_SECONDS, ids: waiting })
    }
    if (this.#expired < TRIM_AFTER) return
    this.#batches.splice(0, this.#expired)
    this.#expired = 0
  }

  /** Removes all events, after a reset. */
  clear(): void {
    this.#batches.length = 0
    this.#expired = 0
  }

  #first(): Batch | undefined {
    return this.#batches[this.#expired]
  }
}

/** Deletes an event; false where a delivery of it is still pending. */
function deleteEvent(ctx: Context, id: string): boolean {
  const deliveries = ctx.store.find('deliveries', { index: 'event', key: id })
  if (deliveries.some((delivery) => delivery.status === 'pending')) return false
  for (const delivery of deliveries) ctx.store.remove('deliveries', delivery.id)
  ctx.store.remove('events', id)
  return true
}
