import type { Context } from '../../../core/context.ts'
import { paymentId } from '../../../core/ids.ts'
import type { BalanceTransaction } from '../../../documents.ts'

const DAY = 86_400
const PENDING_DAYS = 7

/** A movement of the account's balance. */
interface Movement {
  type: 'adjustment' | 'charge' | 'refund'
  category: 'charge' | 'dispute' | 'dispute_reversal' | 'refund'
  /** Negative: it leaves the balance. */
  amount: number
  currency: string
  description: string | null
  /** The id of the charge, refund or dispute. */
  source: string
  fee?: { amount: number; description: string }
  /** It is available at once, not after a week. */
  atOnce?: boolean
}

/** Records a movement of the account's balance. */
export function recordMovement(ctx: Context, movement: Movement): BalanceTransaction {
  const { amount, currency, fee } = movement
  const midnight = ctx.now - (ctx.now % DAY)
  const detail = { application: null, currency, type: 'stripe_fee' }
  return ctx.store.put('balance_transactions', {
    id: paymentId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: movement.atOnce === true ? ctx.now : midnight + PENDING_DAYS * DAY,
    balance_type: 'payments',
    created: ctx.now,
    currency,
    description: movement.description,
    exchange_rate: null,
    fee: fee?.amount ?? 0,
    fee_details: fee === undefined ? [] : [{ ...detail, ...fee }],
    net: amount - (fee?.amount ?? 0),
    reporting_category: movement.category,
    source: movement.source,
    status: movement.atOnce === true ? 'available' : 'pending',
    type: movement.type,
  })
}

/** A movement as it is now: available once its day has come. */
export function asOfNow(ctx: Context, movement: BalanceTransaction): BalanceTransaction {
  return movement.available_on > ctx.now ? movement : { ...movement, status: 'available' }
}
