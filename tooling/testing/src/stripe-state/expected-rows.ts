import type { Invoice, Price, StripeState, Subscription } from './read-state.ts'
import { LIMITS } from './read-state.ts'

/** "active, trialing, past_due, unpaid, paused, incomplete, then newest". */
const ORDER = ['active', 'trialing', 'past_due', 'unpaid', 'paused', 'incomplete']

export type Json = Record<string, unknown>

/** The rows of one user, by the names of their columns. */
export interface Rows {
  subscriptions: Json[]
  quotas: Json[]
  invoices: Json[]
}

/** The rows that a user must have who is or was bound to these customers. */
export function expectedRows(state: StripeState, customers: ReadonlySet<string>): Rows {
  const invoices = state.invoices.filter(({ customer }) => customers.has(customer))
  const subscriptions = state.subscriptions
    .filter(({ customer }) => customers.has(customer))
    .map((subscription) => subscriptionRow(state, subscription, invoices))
  const alive = subscriptions.filter(({ rank }) => rank < ORDER.length)
  const [current] = alive.toSorted(
    (a, b) =>
      Number(a.row['plan'] === null) - Number(b.row['plan'] === null) ||
      a.rank - b.rank ||
      b.created - a.created ||
      (a.id < b.id ? 1 : -1),
  )
  return {
    subscriptions: subscriptions.map(({ id, row }) => ({ ...row, is_current: id === current?.id })),
    quotas: current ? quotaRows(current.row) : [],
    invoices: invoices.map((invoice) => invoiceRow(state, invoice)),
  }
}

function subscriptionRow(state: StripeState, subscription: Subscription, invoices: Invoice[]) {
  const { items, status, id, created } = subscription
  const item = items.data.find(({ price }) => state.planOf(price) !== null) ?? items.data[0]
  if (!item) throw new Error(`${id} has no item`)
  const open = invoices.filter((invoice) => invoice.status === 'open' && billed(invoice) === id)
  const finalized = open.map(({ status_transitions, due_date }) =>
    Math.max(status_transitions.finalized_at ?? 0, due_date ?? 0),
  )
  const plan = state.planOf(item.price)
  const row: Json = {
    id,
    status,
    plan,
    price_id: item.price.id,
    currency: subscription.currency,
    unit_amount: amountOf(state.prices.get(item.price.id) ?? item.price, subscription.currency),
    interval: item.price.recurring.interval,
    quantity: item.quantity,
    current_period_start: at(item.current_period_start),
    current_period_end: at(item.current_period_end),
    cancel_at: at(subscription.cancel_at),
    ended_at: at(subscription.ended_at),
    trial_end: at(subscription.trial_end),
    created_at: at(created),
    ...pending(state, subscription, { plan, interval: item.price.recurring.interval }),
  }
  // Past due without an open invoice: the contract does not say since when.
  if (status !== 'past_due') row['past_due_since'] = null
  else if (open.length > 0) row['past_due_since'] = at(Math.min(...finalized))
  const index = ORDER.indexOf(status)
  return { id, created, rank: index === -1 ? ORDER.length : index, row }
}

/** What one costs in a currency. */
function amountOf(price: Price, currency: string): string {
  const option = price.currency_options?.[currency]
  return String(price.currency === currency ? price.unit_amount : option?.unit_amount)
}

/** The plan and interval of the phase that comes next, where one of them is another. */
function pending(
  state: StripeState,
  { schedule: id }: Subscription,
  now: { plan: string | null; interval: string },
): Json {
  const schedule = id === null ? undefined : state.schedules.get(id)
  const end = schedule?.current_phase?.end_date
  const next = schedule?.phases.find(({ start_date }) => end !== undefined && start_date >= end)
  const plans = next?.items.flatMap(({ price }) => {
    const known = state.prices.get(price)
    const plan = known ? state.planOf(known) : null
    return known && plan !== null ? [{ plan, interval: known.recurring.interval }] : []
  })
  const [then] = plans ?? []
  return next && then && (then.plan !== now.plan || then.interval !== now.interval)
    ? {
        pending_plan: then.plan,
        pending_interval: then.interval,
        pending_at: at(next.start_date),
      }
    : { pending_plan: null, pending_interval: null, pending_at: null }
}

function quotaRows(current: Json): Json[] {
  const plan = current['plan']
  const limits = typeof plan === 'string' ? LIMITS[plan] : undefined
  return ['apiCalls', 'scrapingTasks', 'tokens'].map((meter) => {
    const limit = limits?.[meter]
    return {
      id: meter,
      subscription_id: current['id'],
      plan,
      status: current['status'],
      limit_amount: String(limit ?? 0),
      unlimited: limit === null,
      ...('past_due_since' in current && { past_due_since: current['past_due_since'] }),
    }
  })
}

function invoiceRow(state: StripeState, invoice: Invoice): Json {
  return {
    id: invoice.id,
    subscription_id: billed(invoice),
    number: invoice.number,
    status: invoice.status,
    currency: invoice.currency,
    total: String(invoice.total),
    amount_paid: String(invoice.amount_paid),
    amount_due: String(invoice.amount_due),
    amount_refunded: String(state.refundedOf.get(invoice.id) ?? 0),
    created_at: at(invoice.created),
    period_start: at(invoice.period_start),
    period_end: at(invoice.period_end),
    finalized_at: at(invoice.status_transitions.finalized_at),
    hosted_url: invoice.hosted_invoice_url,
    pdf_url: invoice.invoice_pdf,
  }
}

function billed({ parent }: Invoice): string | null {
  return parent?.subscription_details?.subscription ?? null
}

function at(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1_000).toISOString()
}
