// What the tables must hold follows from docs/contract.md and from Stripe's own answers alone. This folder shares no code
// with the product's sync, on purpose: a mistake that both made would not be found.

/** The limits of docs/integration-guide.md; null is unlimited. */
export const LIMITS: Record<string, Record<string, number | null>> = {
  basic: { tokens: 100_000, apiCalls: 1_000, scrapingTasks: 100 },
  pro: { tokens: 1_000_000, apiCalls: 10_000, scrapingTasks: 1_000 },
  enterprise: { tokens: null, apiCalls: null, scrapingTasks: null },
}

export interface Price {
  id: string
  lookup_key: string | null
  metadata: Record<string, unknown>
  currency: string
  unit_amount: number
  currency_options?: Record<string, { unit_amount: number | null }>
  recurring: { interval: string; interval_count: number }
}

export interface Subscription {
  id: string
  customer: string
  status: string
  currency: string
  created: number
  cancel_at: number | null
  ended_at: number | null
  trial_end: number | null
  schedule: string | null
  items: {
    data: {
      price: Price
      quantity: number
      current_period_start: number
      current_period_end: number
    }[]
  }
}

export interface Invoice {
  id: string
  customer: string
  number: string | null
  status: string
  currency: string
  total: number
  amount_paid: number
  amount_due: number
  created: number
  period_start: number
  period_end: number
  hosted_invoice_url: string | null
  invoice_pdf: string | null
  status_transitions: { finalized_at: number | null }
  due_date?: number | null
  parent: { subscription_details: { subscription: string } | null } | null
}

export interface Schedule {
  id: string
  current_phase: { end_date: number } | null
  phases: { start_date: number; items: { price: string }[] }[]
}

/** The Stripe state of a whole account. */
export interface StripeState {
  subscriptions: Subscription[]
  invoices: Invoice[]
  schedules: Map<string, Schedule>
  refundedOf: Map<string, number>
  planOf: (price: Price) => string | null
  prices: Map<string, Price>
}

/**
 * Reads all of it. `everMapped` is the plan of each price that ever had a plan's lookup key, also where another price
 * has taken that over since.
 */
export async function readStripeState(
  stripe: string,
  everMapped: ReadonlyMap<string, string>,
): Promise<StripeState> {
  const all = <T>(path: string) => listAll<T>(stripe, path)
  const prices = await all<Price>('prices?expand[]=data.currency_options')
  const refunds = await all<{ payment_intent: string; amount: number; status: string }>('refunds')
  const payments = await all<{ invoice: string; payment: { payment_intent?: string } }>(
    'invoice_payments',
  )
  const refundedOf = new Map<string, number>()
  for (const { invoice, payment } of payments) {
    const back = refunds.filter(
      (refund) => refund.payment_intent === payment.payment_intent && refund.status !== 'failed',
    )
    const sum = back.reduce((total, { amount }) => total + amount, refundedOf.get(invoice) ?? 0)
    refundedOf.set(invoice, sum)
  }
  const schedules = await all<Schedule>('subscription_schedules')
  return {
    subscriptions: await all<Subscription>('subscriptions?status=all'),
    invoices: await all<Invoice>('invoices'),
    schedules: new Map(schedules.map((schedule) => [schedule.id, schedule])),
    refundedOf,
    prices: new Map(prices.map((price) => [price.id, price])),
    planOf: ({ id, lookup_key, metadata }) =>
      [
        lookup_key?.replace(/^tollgate_/, '').replace(/_year$/, ''),
        everMapped.get(id),
        metadata['tollgate_plan'],
      ].find((plan): plan is string => typeof plan === 'string' && plan in LIMITS) ?? null,
  }
}

async function listAll<T>(stripe: string, path: string): Promise<T[]> {
  const found: (T & { id: string })[] = []
  while (true) {
    const after = found.at(-1)
    const cursor = after ? `&starting_after=${after.id}` : ''
    const url = `${stripe}/v1/${path}${path.includes('?') ? '&' : '?'}limit=100${cursor}`
    const response = await fetch(url, { headers: { authorization: 'Bearer sk_test_state' } })
    if (!response.ok) throw new Error(`${url}: ${await response.text()}`)
    const page = (await response.json()) as { data: (T & { id: string })[]; has_more: boolean }
    found.push(...page.data)
    if (!page.has_more) return found
  }
}
