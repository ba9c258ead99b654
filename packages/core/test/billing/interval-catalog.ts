import { definePlans } from '../../src/index.ts'

/** Sold by the month and by the year, in dollars and in euros. A year of Max costs more a month than its months do. */
export const catalog = definePlans({
  meters: { tokens: { name: 'Tokens', unit: ['token', 'tokens'] } },
  plans: {
    free: { name: 'Free', description: '', price: null, limits: { tokens: 10 } },
    mini: {
      name: 'Mini',
      description: '',
      price: { month: { usd: 1_000, eur: 900 }, year: { usd: 10_000, eur: 9_000 } },
      limits: { tokens: 100 },
    },
    max: {
      name: 'Max',
      description: '',
      price: { month: { usd: 3_000, eur: 2_701 }, year: { usd: 37_777, eur: 33_333 } },
      limits: { tokens: 1_000 },
    },
    tried: {
      name: 'Tried',
      description: '',
      trialDays: 14,
      price: { month: { usd: 2_000, eur: 1_800 }, year: { usd: 24_000, eur: 21_600 } },
      limits: { tokens: 500 },
    },
    monthly: {
      name: 'Monthly',
      description: '',
      price: { month: { usd: 500, eur: 450 } },
      limits: { tokens: 50 },
    },
    old: {
      name: 'Old',
      description: '',
      retired: true,
      price: { month: { usd: 700, eur: 600 }, year: { usd: 7_000, eur: 6_000 } },
      limits: { tokens: 70 },
    },
  },
})
