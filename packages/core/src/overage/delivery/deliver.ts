import type { Context } from '../../context.ts'
import { inTransaction, withLease } from '../../database/index.ts'
import { TollgateError } from '../../errors.ts'
import type { Delivery, DueSale, MeterOfUser } from './delivery-store.ts'
import {
  insertDelivery,
  lockSale,
  readDue,
  readDueSale,
  readPending,
  readSaleTerms,
} from './delivery-store.ts'
import { periodState } from './period-invoice.ts'
import { planDelivery } from './plan-delivery.ts'
import { sendDelivery } from './send.ts'

/** How many meters of users are taken up in one call. The next minute continues. */
const MOST = 5_000
/** How many are under way at once; Stripe takes one at a time of a customer and meter. */
const AT_ONCE = 8

export interface Delivered {
  /** How many deliveries Stripe has taken. */
  delivered: number
  /** How many came too late to be billed; the operator is told. */
  told: number
  /** How many meters of users still have something under way. */
  open: number
}

/**
 * Sends to Stripe what was sold beyond plans and is not there yet, of one user or of all: one delivery at a time for a user
 * and meter, each stored before it is sent. Safe to call at any time, by any number of processes, and after a crash. While
 * Stripe can't be reached it stops, and the next call continues. Throws UNAVAILABLE for one user whose delivery another
 * process does not end.
 */
export async function deliverOverage(
  ctx: Context,
  { userId }: { userId?: string } = {},
): Promise<Delivered> {
  // Who asks for one user waits for it, so what failed before is tried again at once.
  const whose =
    userId === undefined ? { now: ctx.clock.now(), userId: null } : { now: null, userId }
  const due = await readDue(ctx.db.pool, { ...whose, limit: MOST })
  const total = { delivered: 0, told: 0, open: 0 }
  let isAway = false
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let next = due.shift(); next !== undefined && !isAway; next = due.shift()) {
      const done = await deliverMeter(ctx, next, userId === undefined ? 0 : WAIT_MS)
      total.delivered += done.delivered
      total.told += done.told
      total.open += done.isOpen ? 1 : 0
      isAway = done.isAway
    }
  })
  await Promise.all(workers)
  return total
}

const WAIT_MS = 10_000

interface MeterDone {
  delivered: number
  told: number
  isOpen: boolean
  /** Stripe can't be reached. */
  isAway: boolean
}

async function deliverMeter(ctx: Context, of: MeterOfUser, waitMs: number): Promise<MeterDone> {
  const done = { delivered: 0, told: 0, isOpen: false, isAway: false }
  try {
    await withLease(ctx, { name: `overage:${of.userId}:${of.meter}`, waitMs }, async () => {
      for (;;) {
        const next = (await readPending(ctx.db.pool, of)) ?? (await prepareNext(ctx, of))
        if (next === null) return
        if (next === 'told') done.told += 1
        else {
          const sent = await sendDelivery(ctx, next)
          if (sent === 'delivered') done.delivered += 1
          if (sent === 'told') done.told += 1
          if (sent === 'open') {
            done.isOpen = true
            return
          }
        }
      }
    })
    return done
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    // Another process delivers of this meter now.
    if (error.code === 'UNAVAILABLE' && waitMs === 0) return { ...done, isOpen: true }
    if (error.code === 'UNAVAILABLE') throw error
    ctx.log.warn({ err: error, ...of }, 'overage was not delivered; it is tried again')
    return { ...done, isOpen: true, isAway: error.code === 'STRIPE_UNAVAILABLE' }
  }
}

/** Stores the next delivery of a meter, of the oldest hour of sales; null: nothing is due. */
async function prepareNext(ctx: Context, of: MeterOfUser): Promise<Delivery | 'told' | null> {
  const sale = await readDueSale(ctx.db.pool, of)
  if (sale === null) return null
  const terms = await readSaleTerms(ctx.db.pool, sale)
  if (terms === null) throw new Error(`a sale of an unknown subscription: ${sale.subscriptionId}`)
  const period = await periodState(ctx, sale, terms)
  const now = ctx.clock.now()
  const stored = await inTransaction(ctx.db.pool, async (tx) => {
    const locked = await lockSale(tx, { ...sale, itemId: terms.itemId })
    if (locked.due === 0) return null
    const planned = planDelivery({ ...locked, ...sale, itemSince: terms.itemSince, period, now })
    const { customerId, itemId, currency, unitPrice } = terms
    const identifier = identifierOf(sale, locked.part)
    const { invoiceId } = period
    const row = {
      customerId,
      itemId,
      currency,
      unitPrice,
      identifier,
      part: locked.part,
      invoiceId,
    }
    await insertDelivery(tx, { ...sale, ...planned, ...row }, now)
    return planned.state
  })
  if (stored === null) return prepareNext(ctx, of)
  return stored === 'pending' ? readPending(ctx.db.pool, of) : 'told'
}

/** What a repeat derives again, in Stripe's 100 characters: subscription, meter, period, hour, and which part of that. */
function identifierOf({ subscriptionId, meter, periodStart, hour }: DueSale, part: number): string {
  const words = [subscriptionId, meter, seconds(periodStart), seconds(hour), part]
  return words.join(':')
}

function seconds(instant: Date): string {
  return Math.floor(instant.getTime() / 1_000).toString(36)
}
