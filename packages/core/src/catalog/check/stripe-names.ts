import type { AnyDefinition } from '../definition.ts'
import {
  overageLookupKey,
  packLookupKey,
  packVariable,
  priceLookupKey,
  priceVariable,
} from '../stripe-names.ts'
import { isRecord, type Report } from './report.ts'

/** No two things may be found by one name, in Stripe or in the environment. */
export function checkStripeNames({ plans, packs = {} }: AnyDefinition, report: Report): void {
  const planIds = Object.keys(plans)
  const intervals = ['month', 'year'] as const
  const byPlan = planIds.flatMap((id) => intervals.map((interval) => ({ id, interval })))
  const overage = Object.entries(plans).flatMap(([plan, { overage: sold = {} }]) =>
    Object.keys(isRecord(sold) ? sold : {}).map((meter) => ({ plan, meter })),
  )
  refuseTwice(
    [
      ...byPlan.map(({ id, interval }) => [`plans.${id}`, priceVariable(id, interval)] as const),
      ...Object.keys(packs).map((id) => [`packs.${id}`, packVariable(id)] as const),
    ],
    report,
  )
  refuseTwice(
    [
      ...byPlan.map(({ id, interval }) => [`plans.${id}`, priceLookupKey(id, interval)] as const),
      ...overage.map(({ plan, meter }) => {
        return [`plans.${plan}.overage.${meter}`, overageLookupKey(plan, meter)] as const
      }),
      ...Object.keys(packs).map((id) => [`packs.${id}`, packLookupKey(id)] as const),
    ],
    report,
  )
}

function refuseTwice(
  named: readonly (readonly [path: string, name: string])[],
  report: Report,
): void {
  const paths = new Map<string, string>()
  for (const [path, name] of named) {
    const before = paths.get(name)
    if (before === undefined) paths.set(name, path)
    else report(path, `would be called ${name}, as ${before} is. Choose another id for one of them`)
  }
}
