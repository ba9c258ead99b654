import { catalog as guide } from '@tollgate/testing/catalog'
import type { LimitDefinition } from '../../src/catalog/index.ts'
import { definePlans } from '../../src/index.ts'

const { basic, pro, enterprise } = guide.plans

/** A limit as a definition says it. */
function limitsOf({ limits }: typeof basic) {
  const said = ({ limit, unlimited }: { limit: number; unlimited: boolean }): LimitDefinition =>
    unlimited ? 'unlimited' : limit
  return {
    tokens: said(limits.tokens),
    apiCalls: said(limits.apiCalls),
    scrapingTasks: said(limits.scrapingTasks),
  }
}

function sold(plan: typeof basic, usd: number) {
  const eur = usd - 100
  return {
    name: plan.name,
    description: plan.description,
    price: { month: { usd, eur }, year: { usd: usd * 10, eur: eur * 11 } },
    limits: limitsOf(plan),
  }
}

/** The guide's meters and plans, by the month and by the year, in dollars and in euros; and a free plan. */
export const catalog = definePlans({
  meters: guide.meters,
  plans: {
    free: {
      name: 'Free',
      description: 'To look around',
      price: null,
      limits: { tokens: 10, apiCalls: 'none', scrapingTasks: 'none' },
    },
    basic: sold(basic, 1_900),
    pro: sold(pro, 4_900),
    enterprise: sold(enterprise, 49_900),
  },
})
