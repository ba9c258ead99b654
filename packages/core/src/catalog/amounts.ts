import type { Amounts, AnyDefinition, AnyPlanDefinition, Interval } from './definition.ts'

/** The amounts of a plan, whichever of its two forms it is written in. */
export function amountsOf(plan: AnyPlanDefinition): [Interval, Amounts][] {
  if (!('price' in plan)) return [[plan.interval, { [plan.currency]: plan.unitAmount }]]
  const { month, year } = plan.price ?? {}
  const both: [Interval, Amounts | undefined][] = [
    ['month', month],
    ['year', year],
  ]
  return both.flatMap(([interval, amounts]) => (amounts ? [[interval, amounts]] : []))
}

/** The first currency of the first price; dollars where nothing is priced. */
export function defaultCurrencyOf({ plans, packs = {} }: AnyDefinition): string {
  const prices = Object.values(plans).flatMap((plan) =>
    amountsOf(plan).map(([, amounts]) => amounts),
  )
  const all = [...prices, ...Object.values(packs).map(({ price }) => price)]
  return all.flatMap((amounts) => Object.keys(amounts))[0] ?? 'usd'
}
