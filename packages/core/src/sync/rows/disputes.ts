import type Stripe from 'stripe'
import { idOf } from '../../stripe/index.ts'
import { isOpenDispute } from '../../subscriptions/index.ts'
import type { StripeState } from '../fetch-customer.ts'
import { instant } from '../fetch-customer.ts'
import { chargesOf, subscriptionOf } from './map-rows.ts'

export type DisputesByInvoice = ReadonlyMap<string, readonly Stripe.Dispute[]>

/** The columns of an invoice's row that come from the disputes about its payments. */
export interface DisputeColumns {
  dispute_status: string | null
  amount_disputed: number
}

/** The disputes about the payments of each invoice. */
export function disputesByInvoice({
  invoices,
  charges,
  disputes = [],
}: StripeState): DisputesByInvoice {
  return new Map(
    invoices.map((invoice) => {
      const paidBy = new Set(chargesOf(invoice, charges).map(({ id }) => id))
      return [invoice.id, disputes.filter(({ charge }) => paidBy.has(idOf(charge) ?? ''))]
    }),
  )
}

/** A lost one weighs most, then an open one, then the newest: whatever order they are listed in. */
export function disputeColumns(disputes: readonly Stripe.Dispute[]): DisputeColumns {
  const weight = ({ status }: Stripe.Dispute) =>
    status === 'lost' ? 2 : isOpenDispute(status) ? 1 : 0
  const [first] = disputes.toSorted(
    (a, b) => weight(b) - weight(a) || b.created - a.created || (a.id < b.id ? 1 : -1),
  )
  const disputed = disputes.filter((dispute) => weight(dispute) > 0)
  return {
    dispute_status: first?.status ?? null,
    amount_disputed: disputed.reduce((sum, { amount }) => sum + amount, 0),
  }
}

/**
 * Since when a payment of a subscription is gone that was lost to a dispute: since the dispute began, for that is when
 * Stripe took the money back. Null where none was lost, or a later invoice of the subscription was paid: then somebody
 * pays for it again.
 */
export function lostSince(
  subscriptionId: string,
  invoices: readonly Stripe.Invoice[],
  disputes: DisputesByInvoice,
): Date | null {
  const own = invoices.filter((invoice) => subscriptionOf(invoice) === subscriptionId)
  const lostOf = ({ id }: Stripe.Invoice) =>
    (disputes.get(id) ?? []).filter(({ status }) => status === 'lost')
  const paidAgainAt = Math.max(
    ...own
      .filter((invoice) => invoice.status === 'paid' && invoice.amount_paid > 0)
      .filter((invoice) => lostOf(invoice).length === 0)
      .map(({ status_transitions, created }) => status_transitions.paid_at ?? created),
  )
  const since = own
    .flatMap(lostOf)
    .map(({ created }) => created)
    .filter((created) => created > paidAgainAt)
  return since.length === 0 ? null : instant(Math.min(...since))
}
