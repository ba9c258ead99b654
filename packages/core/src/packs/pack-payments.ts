import type Stripe from 'stripe'
import { idOf } from '../stripe/index.ts'
import type { PackOrder } from './pack-order.ts'
import { fromMetadata } from './pack-order.ts'

/** The payment of one checkout of a pack, as Stripe has it. Amounts are in the currency's minor unit. */
export interface PackPayment {
  sessionId: string
  /** Null where nothing was due. */
  paymentIntentId: string | null
  order: PackOrder
  /** False while a delayed payment is under way, and when it has failed. */
  isPaid: boolean
  amountPaid: number
  amountRefunded: number
  /** The status of each dispute about it. */
  disputes: readonly string[]
}

/** Of the sessions that a customer has completed, the payments of packs. The same Stripe state makes the same payments. */
export function packPayments(
  sessions: readonly Stripe.Checkout.Session[],
  charges: readonly Stripe.Charge[],
  disputes: readonly Stripe.Dispute[],
): PackPayment[] {
  return sessions.flatMap((session) => {
    const order = fromMetadata(session.metadata)
    if (session.mode !== 'payment' || session.status !== 'complete' || order === null) return []
    const paymentIntentId = idOf(session.payment_intent)
    const paidBy = charges.filter(
      ({ status, payment_intent }) =>
        status === 'succeeded' &&
        paymentIntentId !== null &&
        idOf(payment_intent) === paymentIntentId,
    )
    const ids = new Set(paidBy.map(({ id }) => id))
    return {
      sessionId: session.id,
      paymentIntentId,
      order,
      isPaid: session.payment_status !== 'unpaid',
      amountPaid: sum(paidBy.map(({ amount }) => amount)),
      amountRefunded: sum(paidBy.map(({ amount_refunded }) => amount_refunded)),
      disputes: disputes
        .filter(({ charge }) => ids.has(idOf(charge) ?? ''))
        .map(({ status }) => status),
    }
  })
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}
