import type { AnyCatalog } from '../catalog/index.ts'
import { planLimit } from '../catalog/index.ts'
import type { KnownPrices, PlanPrice } from '../stripe/prices/index.ts'
import { planOfPrice, toPlanPrice } from '../stripe/prices/index.ts'
import type { CustomerTruth } from './fetch-customer.ts'
import type { InvoiceRow } from './map-invoice.ts'
import { mapInvoice } from './map-invoice.ts'
import type { SubscriptionRow } from './map-subscription.ts'
import { mapSubscription } from './map-subscription.ts'

/** A row of `quotas`, but for whose it is. */
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
  invoices: readonly InvoiceRow[]
  /** Prices that stand for a plan and are not remembered yet. */
  newPrices: readonly PlanPrice[]
  /** Whether a trial was ever given. */
  trialUsed: boolean
  /** More than one subscription that still runs: for the operator to look at. */
  running: number
}

/** The first of these is the subscription that counts. Source: contract, "Meaning of subscriptions". */
const PRECEDENCE = ['active', 'trialing', 'past_due', 'unpaid', 'paused', 'incomplete']

/** Whether a subscription is over for good; while one is not, there is no new checkout. */
export function hasEnded(status: string): boolean {
  return status === 'canceled' || status === 'incomplete_expired'
}

/** Stripe's truth about a customer as our rows: the same truth, the same rows. */
export function decide(truth: CustomerTruth, known: KnownPrices): CustomerRows {
  const prices = withNextPrices(truth, known)
  const mapped = truth.subscriptions.map((subscription) =>
    mapSubscription(subscription, truth.invoices, prices),
  )
  const running = mapped.filter(({ status }) => !hasEnded(status))
  const current = running.toSorted(byPrecedence)[0]
  return {
    subscriptions: mapped.map((row) => ({ ...row, is_current: row === current })),
    quotas: current ? quotasOf(known.catalog, current) : [],
    invoices: truth.invoices.map((invoice) => mapInvoice(invoice, truth.charges)),
    newPrices: newPrices(truth, known),
    trialUsed: mapped.some(({ trial_end }) => trial_end !== null),
    running: running.length,
  }
}

/** A price of ours before one of nobody's, then by status, then the newest. */
function byPrecedence(a: SubscriptionRow, b: SubscriptionRow): number {
  return (
    Number(a.plan === null) - Number(b.plan === null) ||
    rank(a.status) - rank(b.status) ||
    b.created_at.getTime() - a.created_at.getTime() ||
    (a.id < b.id ? 1 : -1)
  )
}

function rank(status: string): number {
  const index = PRECEDENCE.indexOf(status)
  return index === -1 ? PRECEDENCE.length : index
}

/** What the subscription that counts gives, one row a meter. A price of nobody's gives 0, never unlimited. */
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

/** A schedule names prices by their ids: what those stand for is added to what is known. */
function withNextPrices({ nextPrices = [] }: CustomerTruth, known: KnownPrices): KnownPrices {
  const found = nextPrices.flatMap((price) => {
    const plan = planOfPrice(price, known)
    return plan === null ? [] : [[price.id, plan] as const]
  })
  return { ...known, remembered: new Map([...known.remembered, ...found]) }
}

function newPrices(truth: CustomerTruth, known: KnownPrices): PlanPrice[] {
  const items = truth.subscriptions.flatMap(({ items: { data } }) => data)
  const found = items.flatMap(({ price }) => {
    const plan = planOfPrice(price, known)
    const planPrice = plan && known.remembered.get(price.id) !== plan && toPlanPrice(plan, price)
    return planPrice ? [planPrice] : []
  })
  return [...new Map(found.map((price) => [price.id, price])).values()]
}
