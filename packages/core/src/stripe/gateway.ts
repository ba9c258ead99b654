import Stripe from 'stripe'

export interface StripeOptions {
  secretKey: string
  /** Several while a secret is being rolled. */
  webhookSecrets: readonly string[]
  /** Where the API is, when it is not Stripe's own: the local emulator. */
  apiBase?: string
}

/** The only way to Stripe. */
export interface StripeGateway {
  readonly client: Stripe
  readonly webhookSecrets: readonly string[]
}

export function openStripe({ secretKey, webhookSecrets, apiBase }: StripeOptions): StripeGateway {
  const base = apiBase === undefined ? undefined : new URL(apiBase)
  const client = new Stripe(secretKey, {
    telemetry: false,
    maxNetworkRetries: 2,
    timeout: 20_000,
    ...(base && {
      host: base.hostname,
      port: base.port || (base.protocol === 'http:' ? '80' : '443'),
      protocol: base.protocol === 'http:' ? 'http' : 'https',
    }),
  })
  return { client, webhookSecrets }
}
