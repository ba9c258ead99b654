/** When the count of a meter starts anew; `month` and `day` and `hour` in UTC. */
export type Resets = 'month' | 'billing' | 'day' | 'hour' | 'never'

export type Interval = 'month' | 'year'

/** An amount for each currency: ISO 4217 in lower case, as Stripe writes it, and the currency's minor unit. */
export type Amounts = Readonly<Record<string, number>>

/** What is counted. */
export interface MeterDefinition {
  readonly name: string
  /** One of it and several of it, as a sentence would say. */
  readonly unit: readonly [singular: string, plural: string]
  /** `month` unless said. */
  readonly resets?: Resets
}

/** What a plan may switch on, or give a number of. */
export interface FeatureDefinition {
  readonly name: string
  /** `boolean` unless said. */
  readonly type?: 'boolean' | 'number'
}

/** A limit in a meter's own unit: 0 or `unlimited` for no end, `none` for nothing at all. */
export type LimitDefinition = number | 'unlimited' | 'none'

/** What goes beyond the limit, sold at `price` for every `per` units. */
export interface OverageDefinition {
  readonly per: number
  readonly price: Amounts
  /** The most that a customer pays in a billing period until they choose; minor units. */
  readonly defaultCap: Amounts | 'none'
}

/** The price of a plan by interval, or null for the free plan. The first currency is the default. */
export interface PriceByInterval {
  readonly price: { readonly [I in Interval]?: Amounts } | null
}

/** The price of a plan that is sold in one currency at one interval. */
export interface SinglePrice {
  readonly currency: string
  /** In the currency's minor unit. */
  readonly unitAmount: number
  readonly interval: Interval
}

/** What is sold, and what it gives. */
export type PlanDefinition<M extends string, Features> = {
  readonly name: string
  readonly description: string
  /** For a user's first subscription; 0, or nothing, for none. */
  readonly trialDays?: number
  /** A window's limit for each meter. */
  readonly limits: Readonly<Record<M, LimitDefinition>>
  readonly overage?: { readonly [K in M]?: OverageDefinition }
  readonly features?: FeatureValues<Features>
  /** Not offered any more; customers who have it keep it. */
  readonly retired?: boolean
} & (PriceByInterval | SinglePrice)

type FeatureValues<Features> = {
  readonly [K in keyof Features]?: Features[K] extends { type: 'number' } ? number : boolean
}

/** Units of a meter that are bought once. */
export interface PackDefinition<M extends string> {
  readonly name: string
  readonly meter: M
  readonly amount: number
  readonly price: Amounts
  /** Null, or nothing: it never expires. */
  readonly expiresAfterDays?: number | null
}

export interface CheckoutDefinition {
  readonly promotionCodes?: boolean
  readonly automaticTax?: boolean
  readonly taxIds?: boolean
}

/** What a deployment meters and sells: all that `definePlans` takes. */
export interface CatalogDefinition<M extends string, P extends string, Features, K extends string> {
  readonly meters: Readonly<Record<M, MeterDefinition>>
  readonly features?: Features
  readonly plans: Readonly<Record<P, PlanDefinition<NoInfer<M>, NoInfer<Features>>>>
  readonly packs?: Readonly<Record<K, PackDefinition<NoInfer<M>>>>
  /** Shares of a limit at which a notification is sent, above 0 and up to 1. */
  readonly alerts?: readonly number[]
  readonly checkout?: CheckoutDefinition
}

/** Any definition, once its names are only strings. */
export type AnyDefinition = CatalogDefinition<
  string,
  string,
  Readonly<Record<string, FeatureDefinition>>,
  string
>

export type AnyPlanDefinition = AnyDefinition['plans'][string]
