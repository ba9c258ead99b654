import type {
  Balance,
  Catalog,
  ChangePreview,
  DayUsage,
  Invoice,
  Overview,
  PlanOffer,
  Subscription,
  UserDetails,
  UserRow,
} from '../../packages/ui/src/api/types.ts'
import { range } from './catalog.ts'

const MONTH = { start: '2026-11-01T00:00:00.000Z', end: '2026-12-01T00:00:00.000Z' }

/** The answers of the API that the pages ask for, over a catalogue; `plan`: what the customer has, if anything. */
export function answersOf(catalog: Catalog, plan: string | null): Record<string, unknown> {
  const subscription = plan === null ? null : subscriptionTo(catalog, plan)
  const usage = {
    periodStart: MONTH.start,
    periodEnd: MONTH.end,
    meters: balances(catalog),
  }
  return {
    'billing.catalog': catalog,
    'billing.plans': offers(catalog),
    'billing.subscription': subscription,
    'billing.usage': usage,
    'billing.usageHistory': history(catalog),
    'billing.invoices': { items: range(3).map(invoice), nextCursor: null },
    'billing.nextPayment': { currency: 'usd', amount: 4_900, at: '2026-12-03T10:00:00.000Z' },
    'billing.previewChange': preview(catalog),
    'admin.overview': overview(catalog),
    'admin.users': { items: range(6).map((n) => user(catalog, n)), nextCursor: null },
    'admin.user': details(catalog),
  }
}

function offers({ plans }: Catalog): PlanOffer[] {
  return plans.flatMap(({ id, name, description, prices, limits, trialDays }) =>
    prices.slice(0, 1).map((price) => ({
      id,
      name,
      description,
      otherAmounts: {},
      trialDays,
      prices,
      ...price,
      limits: Object.fromEntries(limits.map(({ meter, limit }) => [meter, limit])),
      unlimited: Object.fromEntries(limits.map(({ meter, unlimited }) => [meter, unlimited])),
    })),
  )
}

const RESETS_AT: Record<Catalog['meters'][number]['resets'], string | null> = {
  month: MONTH.end,
  billing: '2026-12-03T10:00:00.000Z',
  day: '2026-11-16T00:00:00.000Z',
  hour: '2026-11-15T15:00:00.000Z',
  never: null,
}

/** Some empty, some near their limit, one over it, one unlimited and one without quota. */
function balances({ meters }: Catalog): Balance[] {
  return meters.map(({ id, resets }, at) => {
    const limit = at % 6 === 5 ? 0 : 1_000_000 * (at + 1)
    const unlimited = at % 6 === 4
    const used = Math.round(limit * ([0.41, 0.85, 1.2, 0, 0.3] as const)[(at % 5) as 0])
    return {
      meter: id,
      used,
      reserved: at % 5 === 0 ? 120_000 : 0,
      limit: unlimited ? 0 : limit,
      unlimited,
      remaining: unlimited ? null : Math.max(0, limit - used),
      credits: 0,
      overage: null,
      periodStart: MONTH.start,
      resetsAt: RESETS_AT[resets],
    }
  })
}

function subscriptionTo({ plans }: Catalog, id: string): Subscription {
  const price = plans.find((plan) => plan.id === id)?.prices[0]
  return {
    id: 'sub_1',
    plan: id,
    price: {
      currency: price?.currency ?? 'usd',
      unitAmount: price?.unitAmount ?? 4_900,
      quantity: 1,
      amount: price?.unitAmount ?? 4_900,
      interval: price?.interval ?? 'month',
      intervalCount: 1,
    },
    status: 'active',
    currentPeriodStart: '2026-11-03T10:00:00.000Z',
    currentPeriodEnd: '2026-12-03T10:00:00.000Z',
    cancelAt: null,
    trialEnd: null,
    pendingPlan: null,
    pendingInterval: null,
    pendingAt: null,
    graceEndsAt: null,
    collectionPaused: null,
  }
}

function history({ meters }: Catalog): DayUsage[] {
  return range(20).flatMap((day) =>
    meters.map(({ id }, at) => ({
      date: `2026-11-${String(day + 1).padStart(2, '0')}`,
      meter: id,
      amount: ((day * 7 + at * 3) % 11) * 4_321,
      events: day,
    })),
  )
}

function invoice(n: number): Invoice {
  return {
    id: `in_${n}`,
    number: `TOLL-000${n}`,
    status: n === 0 ? 'open' : 'paid',
    currency: 'usd',
    total: 4_900,
    amountPaid: n === 0 ? 0 : 4_900,
    amountDue: n === 0 ? 4_900 : 0,
    amountRefunded: 0,
    dueAt: null,
    disputeStatus: null,
    amountDisputed: 0,
    createdAt: `2026-1${n % 3}-03T10:00:00.000Z`,
    periodStart: MONTH.start,
    periodEnd: MONTH.end,
    hostedUrl: 'https://example.com/invoice',
    pdfUrl: 'https://example.com/invoice.pdf',
  }
}

function preview({ plans }: Catalog): ChangePreview {
  const name = plans.at(-1)?.name ?? ''
  return {
    currency: 'usd',
    dueNow: 3_000,
    nextAmount: 4_900,
    nextAt: '2026-12-03T10:00:00.000Z',
    effectiveAt: '2026-11-22T10:00:00.000Z',
    prorationDate: '2026-11-22T10:00:00.000Z',
    lines: [
      { description: `Unused time on ${name} after 22 Nov 2026`, amount: -1_200 },
      { description: `Remaining time on ${name} after 22 Nov 2026`, amount: 4_200 },
    ],
  }
}

function overview(catalog: Catalog): Overview {
  return {
    monthlyRevenue: [
      { currency: 'usd', amount: 1_234_567_00 },
      { currency: 'eur', amount: 98_765_00 },
    ],
    subscriptions: catalog.plans.map(({ id }, n) => ({ plan: id, status: 'active', count: n * 7 })),
    usage: {
      period: '2026-11',
      meters: catalog.meters.map(({ id }, n) => ({ meter: id, used: 12_345_678 * (n + 1) })),
    },
    failedPayments: { totals: [], latest: [] },
    inbox: { pending: 2, failing: 1, dead: 0, oldestWaitingAt: null },
    reconcile: null,
    notices: [{ code: 'dead_events', message: 'Run 3 events again on the Stripe tab.' }],
  }
}

function user(catalog: Catalog, n: number): UserRow {
  const plan = catalog.plans[n % (catalog.plans.length + 1)]?.id ?? null
  return {
    userId: `user-${n}`,
    email: n === 2 ? `${'a.very.long.address.'.repeat(3)}of@example.com` : `user${n}@example.com`,
    plan,
    status: plan === null ? null : 'active',
    usage: balances(catalog),
  }
}

function details(catalog: Catalog): UserDetails {
  const plan = catalog.plans.at(-1)?.id ?? null
  return {
    userId: 'user-1',
    email: 'user1@example.com',
    name: 'User 1',
    kind: 'account',
    createdAt: '2026-10-01T10:00:00.000Z',
    erasedAt: null,
    account: {
      userId: 'user1',
      email: 'user1@example.com',
      emailVerified: true,
      role: 'customer',
      createdAt: '2026-10-01T10:00:00.000Z',
      signInBy: ['password'],
      bannedAt: null,
      sessions: 2,
    },
    stripeCustomerId: 'cus_1',
    subscription: plan === null ? null : subscriptionTo(catalog, plan),
    subscriptions: [],
    warnings: [],
    usage: balances(catalog),
    formerUsage: [{ meter: 'aMeterThatIsGone', period: '2026-10', used: 12_345 }],
    quota: catalog.meters.map(({ id }) => ({
      meter: id,
      limit: 1_000_000,
      unlimited: false,
      source: 'plan',
    })),
    features: catalog.features.map(({ id, type }) => ({
      feature: id,
      value: type === 'number' ? 12 : true,
      source: 'plan',
    })),
    invoices: range(2).map(invoice),
    events: catalog.meters.slice(0, 3).map(({ id }, n) => ({
      usageId: `usage-${n}`,
      userId: 'user-1',
      meter: id,
      amount: 1_234,
      occurredAt: '2026-11-20T10:00:00.000Z',
      recordedAt: '2026-11-20T10:00:00.000Z',
      idempotencyKey: `job-${n}`,
      overLimit: n === 1,
      voidedAt: null,
      metadata: {},
      reservationId: null,
    })),
  }
}
