/** What is counted. */
export interface MeterDefinition {
  readonly name: string
  /** One of it and several of it, as a sentence would say. */
  readonly unit: readonly [singular: string, plural: string]
}

/** What is sold: a price a month, and a limit for each meter. */
export interface PlanDefinition<M extends string> {
  readonly name: string
  readonly description: string
  /** ISO 4217, lower case, as Stripe writes it. */
  readonly currency: string
  /** In the currency's minor unit. */
  readonly unitAmount: number
  readonly interval: 'month' | 'year'
  /** For a user's first subscription; 0 for none. */
  readonly trialDays: number
  /** A month's limit for each meter; 0 stands for unlimited. */
  readonly limits: Readonly<Record<M, number>>
}

export interface Catalog<M extends string, P extends string> {
  readonly meters: Readonly<Record<M, MeterDefinition>>
  readonly plans: Readonly<Record<P, PlanDefinition<M>>>
  readonly meterIds: readonly [M, ...M[]]
  readonly planIds: readonly [P, ...P[]]
}

/**
 * Declares meters and plans, once. Every type, schema, quota row, Stripe price and page follows from it.
 * Throws at start when an amount or limit is not a non-negative safe integer.
 */
export function definePlans<const M extends string, const P extends string>(definition: {
  meters: Record<M, MeterDefinition>
  plans: Record<P, PlanDefinition<NoInfer<M>>>
}): Catalog<M, P> {
  const meterIds = nonEmptyKeys(definition.meters)
  const planIds = nonEmptyKeys(definition.plans)
  for (const id of planIds) {
    const plan = definition.plans[id]
    for (const [field, amount] of Object.entries({
      unitAmount: plan.unitAmount,
      trialDays: plan.trialDays,
      ...plan.limits,
    })) {
      if (!Number.isSafeInteger(amount) || amount < 0) {
        throw new Error(`Plan ${id}: ${field} must be a non-negative integer, not ${amount}`)
      }
    }
  }
  return { ...definition, meterIds, planIds }
}

function nonEmptyKeys<K extends string>(record: Record<K, unknown>): readonly [K, ...K[]] {
  const [first, ...rest] = Object.keys(record) as K[]
  if (first === undefined) throw new Error('A catalogue needs at least one meter and one plan')
  return [first, ...rest]
}
