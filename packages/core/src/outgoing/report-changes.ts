import { isDeepStrictEqual } from 'node:util'
import type pg from 'pg'
import type { AnyCatalog } from '../catalog/index.ts'
import { readCurrent, toSubscription } from '../subscriptions/index.ts'
import { readFailedInvoices } from './failed-invoice-store.ts'
import type { OutgoingEvent } from './outgoing-event.ts'
import { onceKey } from './outgoing-event.ts'
import { appendEvents } from './outgoing-store.ts'

/**
 * Runs `write`, which makes a user's rows equal to the Stripe state, and writes events for what it changed: the
 * subscription that counts, as callers see it, invoices whose payment has failed, and what `write` itself says. A repeat
 * changes nothing, and so writes none. In the transaction of the sync, behind all else that it locks.
 */
export async function reportChanges<T extends { events: readonly OutgoingEvent[] }>(
  { catalog, settings }: { catalog: AnyCatalog; settings: { pastDueGraceDays: number } },
  { tx, userId, now }: { tx: pg.ClientBase; userId: string; now: Date },
  write: () => Promise<T>,
): Promise<T> {
  const graceDays = settings.pastDueGraceDays
  const read = async () => {
    const row = await readCurrent(tx, userId)
    const failed = await readFailedInvoices(tx, userId)
    return { subscription: row && toSubscription(row, { catalog, graceDays }), failed }
  }
  const before = await read()
  const result = await write()
  const { subscription, failed } = await read()
  const events = failed
    .filter(({ id }) => !before.failed.some((invoice) => invoice.id === id))
    .map((invoice): OutgoingEvent => {
      const once = onceKey('invoice.payment_failed', invoice.id)
      return { userId, type: 'invoice.payment_failed', data: { invoice }, once }
    })
  if (!isDeepStrictEqual(before.subscription, subscription)) {
    const data = { subscription, previous: before.subscription }
    events.unshift({ userId, type: 'subscription.changed', data, once: null })
  }
  await appendEvents(tx, [...events, ...result.events], now)
  return result
}
