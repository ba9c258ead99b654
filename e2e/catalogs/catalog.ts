import type { Catalog } from '../../packages/ui/src/api/types.ts'

type Meter = Catalog['meters'][number]
type Plan = Catalog['plans'][number]

/** A catalogue that a page must have room for. */
export interface Shape {
  plans: number
  meters: number
  /** Names of 40 characters without a space, and the largest amounts. */
  long?: boolean
  /** Meters that reset in every way, not by the month alone. */
  windows?: boolean
  /** A free plan, features, and plans by the month and by the year in two currencies. */
  choices?: boolean
}

const METERS = ['Minutes', 'Storage', 'Requests', 'Pages', 'Messages', 'Builds', 'Seats', 'Rows']
const PLANS = ['Starter', 'Team', 'Business', 'Scale', 'Agency', 'Reseller', 'Custom']

const RESETS: Meter['resets'][] = ['month', 'billing', 'day', 'hour', 'never']

/** So many meters and plans, the last plan of which has no limits. */
export function catalogOf({ plans, meters, ...more }: Shape): Catalog {
  const { long = false, windows = false, choices = false } = more
  const counted = range(meters).map((n): Meter => {
    const name = nameOf(METERS, n, long)
    return {
      id: `meter${n}`,
      name,
      unit: [name.toLowerCase(), name.toLowerCase()],
      resets: windows ? (RESETS[n % RESETS.length] ?? 'month') : 'month',
    }
  })
  return {
    defaultCurrency: 'usd',
    meters: counted,
    features: choices ? FEATURES : [],
    plans: range(plans).map((n) => {
      const plan = planOf(n, counted, { last: n === plans - 1, long })
      return choices ? withChoices(plan, n) : plan
    }),
    packs: [],
  }
}

function planOf(
  n: number,
  meters: Meter[],
  { last, long }: { last: boolean; long: boolean },
): Plan {
  const unitAmount = long ? 1_234_567_89 : (n + 1) * 1_900
  return {
    id: `plan${n}`,
    name: nameOf(PLANS, n, long),
    description: 'For a product that people work with every day, and for those who sell it',
    trialDays: n === 0 ? 14 : 0,
    free: false,
    retired: false,
    prices: [{ interval: n % 2 === 0 ? 'month' : 'year', currency: 'usd', unitAmount }],
    limits: meters.map(({ id }, at) => ({
      meter: id,
      limit: last || at % 4 === 3 ? 0 : (n + 1) * (long ? 1_000_000_000 : 10_000) * (at + 1),
      unlimited: last,
    })),
    features: [],
  }
}

const FEATURES: Catalog['features'] = [
  { id: 'sso', name: 'Single sign-on', type: 'boolean' },
  { id: 'projects', name: 'Projects', type: 'number' },
]

/** The first one is free. */
function withChoices(plan: Plan, n: number): Plan {
  const amount = n * 1_900
  const features = [
    { feature: 'sso', value: n > 1 },
    { feature: 'projects', value: n * 10 },
  ]
  if (n === 0) return { ...plan, name: 'Free', free: true, trialDays: 0, prices: [], features }
  return {
    ...plan,
    features,
    prices: [
      { interval: 'month', currency: 'usd', unitAmount: amount },
      { interval: 'month', currency: 'eur', unitAmount: amount - 100 },
      { interval: 'year', currency: 'usd', unitAmount: amount * 10 },
      { interval: 'year', currency: 'eur', unitAmount: (amount - 100) * 10 },
    ],
  }
}

function nameOf(names: readonly string[], n: number, long: boolean): string {
  const name = names[n % names.length] ?? ''
  const full = n < names.length ? name : `${name} ${Math.floor(n / names.length) + 1}`
  return long ? full.replaceAll(' ', '').padEnd(40, 'abcdefghij') : full
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index)
}
