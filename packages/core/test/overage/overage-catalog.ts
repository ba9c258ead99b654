import { definePlans } from '../../src/index.ts'

const month = (usd: number) => ({ description: 'A plan', price: { month: { usd } } })

/** Plans that sell overage by the month and by the year, at different prices, and one that sells none. */
export const catalog = definePlans({
  meters: {
    tokens: { name: 'Tokens', unit: ['token', 'tokens'] },
    renders: { name: 'Renders', unit: ['render', 'renders'] },
  },
  plans: {
    none: { name: 'None', ...month(500), limits: { tokens: 1_000, renders: 1 } },
    pro: {
      name: 'Pro',
      ...month(2_000),
      limits: { tokens: 1_000, renders: 10 },
      overage: {
        tokens: { per: 1_000, price: { usd: 2_500 }, defaultCap: { usd: 10_000 } },
        renders: { per: 1, price: { usd: 30 }, defaultCap: 'none' },
      },
    },
    max: {
      name: 'Max',
      ...month(9_000),
      limits: { tokens: 5_000, renders: 10 },
      overage: { tokens: { per: 1_000, price: { usd: 1_250 }, defaultCap: 'none' } },
    },
    annual: {
      name: 'Annual',
      description: 'A plan',
      price: { year: { usd: 120_000 } },
      limits: { tokens: 1_000, renders: 10 },
      overage: { tokens: { per: 1_000, price: { usd: 2_000 }, defaultCap: 'none' } },
    },
  },
})
