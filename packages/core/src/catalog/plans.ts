import { definePlans } from './define-plans.ts'

/** The meters and plans of this deployment. Limits and names: integration guide, "Quota Limits". */
export const catalog = definePlans({
  meters: {
    tokens: { name: 'Tokens', unit: ['token', 'tokens'] },
    apiCalls: { name: 'API calls', unit: ['API call', 'API calls'] },
    scrapingTasks: { name: 'Scraping tasks', unit: ['scraping task', 'scraping tasks'] },
  },
  plans: {
    basic: {
      name: 'Basic',
      description: 'For a first product and its first users',
      currency: 'usd',
      unitAmount: 1_900,
      interval: 'month',
      trialDays: 0,
      limits: { tokens: 100_000, apiCalls: 1_000, scrapingTasks: 100 },
    },
    pro: {
      name: 'Pro',
      description: 'For products that people work with every day',
      currency: 'usd',
      unitAmount: 4_900,
      interval: 'month',
      trialDays: 0,
      limits: { tokens: 1_000_000, apiCalls: 10_000, scrapingTasks: 1_000 },
    },
    enterprise: {
      name: 'Enterprise',
      description: 'No limits, for those who outgrew them',
      currency: 'usd',
      unitAmount: 49_900,
      interval: 'month',
      trialDays: 0,
      limits: { tokens: 0, apiCalls: 0, scrapingTasks: 0 },
    },
  },
})

export type Meter = (typeof catalog.meterIds)[number]
export type PlanId = (typeof catalog.planIds)[number]

/** A month's limit; where `unlimited`, `limit` is 0 and says nothing. */
export interface Limit {
  limit: number
  unlimited: boolean
}

/** What a plan allows of a meter in a month. */
export function planLimit(plan: PlanId, meter: Meter): Limit {
  const limit = catalog.plans[plan].limits[meter]
  return { limit, unlimited: limit === 0 }
}

export function isMeter(value: string): value is Meter {
  return Object.hasOwn(catalog.meters, value)
}

export function isPlan(value: string): value is PlanId {
  return Object.hasOwn(catalog.plans, value)
}
