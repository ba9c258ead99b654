import { definePlans } from '@tollgate/core'

// What you meter and what you sell. Pages, API, Stripe's prices and the types of the client follow from here.
// A change counts from the next start; `tollgate dev` starts again by itself.
export const catalog = definePlans({
  meters: {
    // The id is what your code says: consume({ meter: 'requests', … }). `unit`: one of it, and several of it.
    requests: { name: 'Requests', unit: ['request', 'requests'] },
    tokens: { name: 'Tokens', unit: ['token', 'tokens'] },
  },
  plans: {
    hobby: {
      name: 'Hobby',
      description: 'For a first project',
      // In the currency's minor unit: 900 is $9.00.
      price: { month: { usd: 900 } },
      // For each meter a number, 'unlimited' or 'none', a calendar month in UTC.
      limits: { requests: 10_000, tokens: 'none' },
    },
    pro: {
      name: 'Pro',
      description: 'For products that people work with every day',
      price: { month: { usd: 4_900 } },
      trialDays: 14,
      limits: { requests: 'unlimited', tokens: 1_000_000 },
    },
  },
})

// How the pages look:
// export const theme = { name: 'Acme', logo: './logo.svg', colours: { accent: '#4f46e5' } }

// Your own sign-in, in place of e-mail and password, and the origins of your pages:
// export const identify = async (request) => ({ userId: '…', role: 'customer' })
// export const signInUrl = 'https://app.example.com/login'
// export const origins = ['https://app.example.com']
