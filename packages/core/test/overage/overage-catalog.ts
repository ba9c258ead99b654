import type { AnyCatalog, OverageDefinition } from '../../src/index.ts'
import { definePlans } from '../../src/index.ts'

const meters = {
  tokens: { name: 'Tokens', unit: ['token', 'tokens'] },
  renders: { name: 'Renders', unit: ['render', 'renders'] },
} as const

/** Plans that sell overage by the month and by the year, at different prices, and one that sells none. */
export const catalog = withOverage(
  definePlans({
    meters,
    plans: {
      none: {
        ...{
          name: 'None',
          description: 'A plan',
          currency: 'usd',
          unitAmount: 500,
          interval: 'month',
        },
        limits: { tokens: 1_000, renders: 1 },
      },
      pro: {
        ...{
          name: 'Pro',
          description: 'A plan',
          currency: 'usd',
          unitAmount: 2_000,
          interval: 'month',
        },
        limits: { tokens: 1_000, renders: 10 },
      },
      max: {
        ...{
          name: 'Max',
          description: 'A plan',
          currency: 'usd',
          unitAmount: 9_000,
          interval: 'month',
        },
        limits: { tokens: 5_000, renders: 10 },
      },
      annual: {
        ...{ name: 'Annual', description: 'A plan', currency: 'usd', unitAmount: 120_000 },
        ...{ interval: 'year', limits: { tokens: 1_000, renders: 10 } },
      },
    },
  }),
  {
    pro: {
      tokens: { per: 1_000, price: { usd: 2_500 }, defaultCap: { usd: 10_000 } },
      renders: { per: 1, price: { usd: 30 }, defaultCap: 'none' },
    },
    max: { tokens: { per: 1_000, price: { usd: 1_250 }, defaultCap: 'none' } },
    annual: { tokens: { per: 1_000, price: { usd: 2_000 }, defaultCap: 'none' } },
  },
)

/** `catalog` with what its plans sell beyond their limits. */
function withOverage(
  base: AnyCatalog,
  overage: Record<string, Record<string, OverageDefinition>>,
): AnyCatalog {
  const plans = Object.entries(base.plans).map(([id, plan]) => {
    return [id, { ...plan, overage: overage[id] ?? {} }] as const
  })
  return { ...base, plans: Object.fromEntries(plans) }
}
