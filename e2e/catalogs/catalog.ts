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
}

const METERS = ['Minutes', 'Storage', 'Requests', 'Pages', 'Messages', 'Builds', 'Seats', 'Rows']
const PLANS = ['Starter', 'Team', 'Business', 'Scale', 'Agency', 'Reseller', 'Custom']

const RESETS: Meter['resets'][] = ['month', 'billing', 'day', 'hour', 'never']

/** So many meters and plans, the last plan of which has no limits. */
export function catalogOf({ plans, meters, long = false, windows = false }: Shape): Catalog {
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
    features: [],
    plans: range(plans).map((n) => planOf(n, counted, { last: n === plans - 1, long })),
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

function nameOf(names: readonly string[], n: number, long: boolean): string {
  const name = names[n % names.length] ?? ''
  const full = n < names.length ? name : `${name} ${Math.floor(n / names.length) + 1}`
  return long ? full.replaceAll(' ', '').padEnd(40, 'abcdefghij') : full
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index)
}
