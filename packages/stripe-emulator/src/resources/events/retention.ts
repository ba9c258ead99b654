import type { Context } from '../../core/context.ts'
import { KEPT_SECONDS } from './endpoints.ts'

/** How many batches that are gone are let stand before the list is cut. */
const CUT_AFTER = 1_000

interface Batch {
  until: number
  ids: readonly string[]
}

/**
 * Forgets events, and what is known of their deliveries, after 30 days of the main time. The time
 * of an event won't do: those of a test clock are dated by that clock. What is still on its way to
 * an endpoint stays. After a restart every event that was kept is as new.
 */
export class Retention {
  readonly #batches: Batch[] = []
  #gone = 0

  /** Takes up the events that a data file held. */
  adopt(now: number, ids: readonly string[]): void {
    this.#batches.push({ until: now + KEPT_SECONDS, ids })
  }

  /** Notes the events of a transaction, and forgets in it those whose time is over. */
  keep(ctx: Context): void {
    if (ctx.events.length > 0) {
      const ids = ctx.events.map(({ id }) => id)
      this.#batches.push({ until: ctx.now + KEPT_SECONDS, ids })
    }
    for (let batch = this.#first(); batch && batch.until <= ctx.now; batch = this.#first()) {
      this.#gone += 1
      const waiting = batch.ids.filter((id) => !forget(ctx, id))
      if (waiting.length > 0) this.#batches.push({ until: ctx.now + KEPT_SECONDS, ids: waiting })
    }
    if (this.#gone < CUT_AFTER) return
    this.#batches.splice(0, this.#gone)
    this.#gone = 0
  }

  /** Knows of no events any more: there are none. */
  clear(): void {
    this.#batches.length = 0
    this.#gone = 0
  }

  #first(): Batch | undefined {
    return this.#batches[this.#gone]
  }
}

/** Forgets an event; false where an endpoint still waits for it. */
function forget(ctx: Context, id: string): boolean {
  const deliveries = ctx.store.find('deliveries', { index: 'event', key: id })
  if (deliveries.some((delivery) => delivery.status === 'pending')) return false
  for (const delivery of deliveries) ctx.store.remove('deliveries', delivery.id)
  ctx.store.remove('events', id)
  return true
}
