import type Stripe from 'stripe'
import type { KnownPrices } from '../stripe/index.ts'
import { amountIn, idOf, OVERAGE_DUE, overageOf, planOfPrice } from '../stripe/index.ts'
import { isOpenDispute } from '../subscriptions/index.ts'
import type { StripeState } from './fetch-customer.ts'
import { instant } from './fetch-customer.ts'
import type { NetAmount } from './pricing/net-amounts.ts'
import { netAmountsOf } from './pricing/net-amounts.ts'
import type { PendingColumns } from './pricing/pending-change.ts'
import { pendingChange, planPrices } from './pricing/pending-change.ts'

/** A row of `subscriptions`, without its user and whether it counts. */
export interface SubscriptionRow extends PendingColumns {
  id: string
  customer_id: string
  status: string
  price_id: string | null
  plan: string | null
  currency: string
  unit_amount: number | null
  net_amounts: NetAmount[] | null
  interval: string
  interval_count: number
  quantity: number
  current_period_start: Date
  current_period_end: Date
  cancel_at: Date | null
  ended_at: Date | null
  trial_end: Date | null
  billing_cycle_anchor: Date
  schedule_id: string | null
  past_due_since: Date | null
  pause_behavior: string | null
  pause_resumes_at: Date | null
  overage_due: boolean
  created_at: Date
}

/** A row of `invoices`, without its user. */
export interface InvoiceRow {
  id: string
  customer_id: string
  subscription_id: string | null
  number: string | null
  status: string
  attempted: boolean
  currency: string
  total: number
  amount_paid: number
  amount_due: number
  amount_refunded: number
  created_at: Date
  period_start: Date
  period_end: Date
  finalized_at: Date | null
  due_at: Date | null
  hosted_url: string | null
  pdf_url: string | null
}

/**
 * Stripe's subscription as our row. Its period is that of the item with a price of our catalogue, or of the first item:
 * Stripe has periods on the items (docs/stripe.md, "What changed lately"). Its end is `cancel_at`: the portal sets that
 * without the flag (fact 6). A pending change is read from the schedule, whoever made that.
 */
export function mapSubscription(
  subscription: Stripe.Subscription,
  {
    invoices,
    nextPrices = [],
    discounts,
  }: Pick<StripeState, 'invoices' | 'nextPrices' | 'discounts'>,
  known: KnownPrices,
): SubscriptionRow {
  const items = subscription.items.data
  const item =
    items.find(({ price }) => planOfPrice(price, known) !== null) ??
    items.find(({ price }) => overageOf(price) === null) ??
    items[0]
  const start = instant(item?.current_period_start ?? subscription.created)
  const plan = item ? planOfPrice(item.price, known) : null
  const interval = item?.price.recurring?.interval ?? 'month'
  return {
    id: subscription.id,
    customer_id: idOf(subscription.customer) ?? '',
    status: subscription.status,
    price_id: item?.price.id ?? null,
    plan,
    currency: subscription.currency,
    unit_amount: item ? amountIn(item.price, subscription.currency) : null,
    net_amounts: item && discounts ? netAmountsOf(subscription, item, discounts) : null,
    interval,
    interval_count: item?.price.recurring?.interval_count ?? 1,
    quantity: item?.quantity ?? 1,
    current_period_start: start,
    current_period_end: instant(item?.current_period_end ?? subscription.created),
    cancel_at: instant(subscription.cancel_at),
    ended_at: instant(subscription.ended_at),
    trial_end: instant(subscription.trial_end),
    billing_cycle_anchor: instant(subscription.billing_cycle_anchor),
    ...pendingChange(subscription, { plan, interval }, planPrices(nextPrices, known)),
    schedule_id: idOf(subscription.schedule),
    past_due_since:
      subscription.status === 'past_due' ? (oldestOpen(subscription.id, invoices) ?? start) : null,
    pause_behavior: subscription.pause_collection?.behavior ?? null,
    pause_resumes_at: instant(subscription.pause_collection?.resumes_at),
    overage_due: plan !== null && subscription.metadata[OVERAGE_DUE] === plan,
    created_at: instant(subscription.created),
  }
}

/**
 * When the subscription's oldest open invoice was finalised, or is due where that is later (an invoice that is sent has
 * days to pay): its grace is counted from then. Null if none is open.
 */
function oldestOpen(subscriptionId: string, invoices: readonly Stripe.Invoice[]): Date | null {
  const finalized = invoices
    .filter((invoice) => invoice.status === 'open' && subscriptionOf(invoice) === subscriptionId)
    .map(({ status_transitions: { finalized_at }, created, due_date }) =>
      Math.max(finalized_at ?? created, due_date ?? 0),
    )
  return finalized.length === 0 ? null : instant(Math.min(...finalized))
}

/** The subscription that an invoice bills. */
export function subscriptionOf(invoice: Stripe.Invoice): string | null {
  return idOf(invoice.parent?.subscription_details?.subscription)
}

/**
 * Stripe's invoice as our row. An invoice does not have what was refunded. The charges of its payments have it, and are
 * found by their payment intents: `charge` and `payment_intent` are gone from the invoice (docs/stripe.md, "What changed
 * lately").
 */
export function mapInvoice(invoice: Stripe.Invoice, charges: readonly Stripe.Charge[]): InvoiceRow {
  return {
    id: invoice.id,
    customer_id: idOf(invoice.customer) ?? '',
    subscription_id: subscriptionOf(invoice),
    number: invoice.number,
    status: invoice.status ?? 'draft',
    attempted: invoice.attempted,
    currency: invoice.currency,
    total: invoice.total,
    amount_paid: invoice.amount_paid,
    amount_due: invoice.amount_due,
    amount_refunded: refunded(invoice, charges),
    created_at: instant(invoice.created),
    period_start: instant(invoice.period_start),
    period_end: instant(invoice.period_end),
    finalized_at: instant(invoice.status_transitions.finalized_at),
    due_at: instant(invoice.due_date),
    hosted_url: invoice.hosted_invoice_url ?? null,
    pdf_url: invoice.invoice_pdf ?? null,
  }
}

function refunded(invoice: Stripe.Invoice, charges: readonly Stripe.Charge[]): number {
  return chargesOf(invoice, charges).reduce((sum, { amount_refunded }) => sum + amount_refunded, 0)
}

/** The charges that paid an invoice. */
function chargesOf(invoice: Stripe.Invoice, charges: readonly Stripe.Charge[]): Stripe.Charge[] {
  const payments = (invoice.payments?.data ?? []).flatMap(({ payment }) => [
    idOf(payment.payment_intent),
    idOf(payment.charge),
  ])
  const paidBy = new Set(payments.filter((id) => id !== null))
  return charges.filter(
    ({ id, payment_intent }) => paidBy.has(id) || paidBy.has(idOf(payment_intent) ?? ''),
  )
}

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
