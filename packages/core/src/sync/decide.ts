import type Stripe from 'stripe'
import type { AnyCatalog } from '../catalog/index.ts'
import { planLimit } from '../catalog/index.ts'
import type { TermsRow } from '../overage/index.ts'
import { isOverageAlone, termsOf } from '../overage/index.ts'
import type { PackPayment } from '../packs/index.ts'
import { packPayments } from '../packs/index.ts'
import type { KnownPrices, PlanPrice } from '../stripe/index.ts'
import { planOfPrice, toPlanPrice } from '../stripe/index.ts'
import { hasEnded, precedence } from '../subscriptions/index.ts'
import type { StripeState } from './fetch-customer.ts'
import { nextPhase } from './fetch-customer.ts'
import type { DisputeColumns, DisputesByInvoice, InvoiceRow, SubscriptionRow } from './map-rows.ts'
import {
  disputeColumns,
  disputesByInvoice,
  lostSince,
  mapInvoice,
  mapSubscription,
  subscriptionOf,
} from './map-rows.ts'

/** A row of `quotas`, without its user. */
export interface QuotaRow {
  meter: string
  subscription_id: string
  plan: string | null
  status: string
  past_due_since: Date | null
  limit_amount: number
  unlimited: boolean
}

/** What the rows about a customer have to be. */
export interface CustomerRows {
  subscriptions: readonly (SubscriptionRow & { is_current: boolean })[]
  quotas: readonly QuotaRow[]
  invoices: readonly (InvoiceRow & DisputeColumns)[]
  /** What was paid for packs; the grants follow from it. */
  packs: readonly PackPayment[]
  /** What is sold beyond the plan of the subscription that counts. */
  terms: readonly TermsRow[]
  /** Prices that map to a plan and are not stored yet. */
  newPrices: readonly PlanPrice[]
  /** Whether a trial was ever given. */
  trialUsed: boolean
  /** How many subscriptions have not ended; more than one is reported to the operator. */
  running: number
}

/** Our rows about a customer, from the Stripe state alone: the same state makes the same rows. */
export function decide(state: StripeState, known: KnownPrices): CustomerRows {
  const disputes = disputesByInvoice(state)
  const mapped = state.subscriptions.map((subscription) =>
    withLostPayments(
      withPaidPlan(mapSubscription(subscription, state, known), subscription, state),
      state,
      disputes,
    ),
  )
  const running = mapped.filter(({ status }) => !hasEnded(status))
  const current = running.toSorted(byPrecedence)[0]
  return {
    subscriptions: mapped.map((row) => ({ ...row, is_current: row === current })),
    quotas: current ? quotasOf(known.catalog, current) : [],
    invoices: state.invoices.map((invoice) => ({
      ...mapInvoice(invoice, state.charges),
      ...disputeColumns(disputes.get(invoice.id) ?? []),
    })),
    packs: packPayments(state.sessions ?? [], state.charges, state.disputes ?? []),
    terms: current ? sold(state, known.catalog, { current, running: running.length }) : [],
    newPrices: newPrices(state, known),
    trialUsed: mapped.some(({ trial_end }) => trial_end !== null),
    running: running.length,
  }
}

/** What the subscription that counts sells beyond its plan. */
function sold(
  { subscriptions, invoices }: StripeState,
  catalog: AnyCatalog,
  { current, running }: { current: SubscriptionRow; running: number },
): TermsRow[] {
  const subscription = subscriptions.find(({ id }) => id === current.id)
  if (subscription === undefined) return []
  const next = nextPhase(subscription)
  return termsOf({ subscription, plan: current.plan, invoices, running, next }, catalog)
}

/** An open invoice of overage alone takes nothing from the plan's paid period: its grace begins at the end of that. */
function withPaidPlan(
  row: SubscriptionRow,
  subscription: Stripe.Subscription,
  { invoices }: StripeState,
): SubscriptionRow {
  if (row.status !== 'past_due') return row
  const open = invoices.filter(
    (invoice) => invoice.status === 'open' && subscriptionOf(invoice) === row.id,
  )
  const isPaid = open.length > 0 && open.every((each) => isOverageAlone(each, subscription))
  return isPaid ? { ...row, past_due_since: row.current_period_end } : row
}

/** A lost dispute counts as not paid, though Stripe leaves invoice and subscription as they were. */
function withLostPayments(
  row: SubscriptionRow,
  { invoices }: StripeState,
  disputes: DisputesByInvoice,
): SubscriptionRow {
  if (hasEnded(row.status)) return row
  const lost = lostSince(row.id, invoices, disputes)
  if (lost === null || (row.past_due_since !== null && row.past_due_since <= lost)) return row
  return { ...row, past_due_since: lost }
}

/** A price of ours before an unknown price, then by status, then the newest. */
function byPrecedence(a: SubscriptionRow, b: SubscriptionRow): number {
  return (
    Number(a.plan === null) - Number(b.plan === null) ||
    precedence(a.status) - precedence(b.status) ||
    b.created_at.getTime() - a.created_at.getTime() ||
    (a.id < b.id ? 1 : -1)
  )
}

/** What the subscription that counts gives, one row a meter. An unknown price gives 0, never unlimited. */
function quotasOf(
  catalog: AnyCatalog,
  { id, plan, status, past_due_since }: SubscriptionRow,
): QuotaRow[] {
  return catalog.meterIds.map((meter) => {
    const { limit, unlimited } =
      plan === null ? { limit: 0, unlimited: false } : planLimit(catalog, plan, meter)
    return {
      meter,
      subscription_id: id,
      plan,
      status,
      past_due_since,
      limit_amount: limit,
      unlimited,
    }
  })
}

function newPrices(state: StripeState, known: KnownPrices): PlanPrice[] {
  const items = state.subscriptions.flatMap(({ items: { data } }) => data)
  const found = items.flatMap(({ price }) => {
    const plan = planOfPrice(price, known)
    const planPrice = plan && known.remembered.get(price.id) !== plan && toPlanPrice(plan, price)
    return planPrice ? [planPrice] : []
  })
  return [...new Map(found.map((price) => [price.id, price])).values()]
}
