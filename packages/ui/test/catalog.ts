import type { Catalog } from '../src/api/types.ts'

type Plan = Catalog['plans'][number]

function plan(id: string, name: string): Plan {
  return {
    id,
    name,
    description: '',
    trialDays: 0,
    free: false,
    retired: false,
    prices: [{ interval: 'month', currency: 'usd', unitAmount: 1_900 }],
    limits: [],
    features: [],
  }
}

/** Two meters and two plans, none of which the product knows. */
export const catalog: Catalog = {
  defaultCurrency: 'usd',
  meters: [
    { id: 'minutes', name: 'Call minutes', unit: ['minute', 'minutes'], resets: 'month' },
    { id: 'gb', name: 'Storage', unit: ['gigabyte', 'gigabytes'], resets: 'month' },
  ],
  features: [],
  plans: [plan('starter', 'Starter'), plan('team', 'Team')],
  packs: [],
}
