/** The API version of the `stripe` package whose types this emulator follows. */
export const API_VERSION = '2026-10-28.endive'

/** The one account of the emulator. */
export const ACCOUNT = {
  country: 'US',
  name: 'Local Stripe',
  currency: 'usd',
  paymentMethodConfiguration: 'pmc_1EmulatorTollgate000000',
} as const
