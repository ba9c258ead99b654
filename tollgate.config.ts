import { definePlans } from '@tollgate/core'

/** The meters and plans of the integration guide (docs/integration-guide.md, "Quota limits"). */
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
      price: { month: { usd: 1_900 } },
      limits: { tokens: 100_000, apiCalls: 1_000, scrapingTasks: 100 },
    },
    pro: {
      name: 'Pro',
      description: 'For products that people work with every day',
      price: { month: { usd: 4_900 } },
      limits: { tokens: 1_000_000, apiCalls: 10_000, scrapingTasks: 1_000 },
    },
    enterprise: {
      name: 'Enterprise',
      description: 'No limits, for those who outgrew them',
      price: { month: { usd: 49_900 } },
      limits: { tokens: 0, apiCalls: 0, scrapingTasks: 0 },
    },
  },
})
