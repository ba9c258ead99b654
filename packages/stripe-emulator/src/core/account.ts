/** The API version of the `stripe` package whose types this emulator follows. */
export const API_VERSION = '2026-10-28.endive'

/** The one account of the emulator. */
export const ACCOUNT = {
  country: 'US',
  name: 'Local Stripe',
  currency: 'usd',
  supportEmail: 'billing@local-stripe.test',
  address: {
    line1: '1 Test Street',
    line2: null,
    city: 'San Francisco',
    state: 'CA',
    postal_code: '94107',
    country: 'US',
  },
  paymentMethodConfiguration: 'pmc_1EmulatorTollgate000000',
} as const
