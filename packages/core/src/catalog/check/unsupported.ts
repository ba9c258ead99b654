import { amountsOf } from '../amounts.ts'
import type { AnyDefinition } from '../definition.ts'
import type { Report } from './report.ts'

/** What a catalogue may already say, and this version does not do yet: refused, so that nothing is promised in vain. */
export function findUnsupported(definition: AnyDefinition, report: Report): void {
  const { meters, features = {}, plans, alerts = [], checkout = {} } = definition
  for (const [id, { resets = 'month' }] of Object.entries(meters)) {
    if (resets !== 'month') later(`meters.${id}.resets`, `'${resets}' (only 'month')`)
  }
  for (const [id, plan] of Object.entries(plans)) {
    const prices = amountsOf(plan)
    if (prices.length === 0) later(`plans.${id}.price`, 'a free plan')
    if (prices.length > 1) later(`plans.${id}.price`, 'more than one interval')
    if (prices.some(([, amounts]) => Object.keys(amounts).length > 1)) {
      later(`plans.${id}.price`, 'more than one currency')
    }
    if (Object.keys(plan.overage ?? {}).length > 0) later(`plans.${id}.overage`, 'overage')
  }
  if (Object.keys(features).length > 0) later('features', 'features')
  if (alerts.length > 0) later('alerts', 'alerts')
  if (Object.values(checkout).some((on) => on)) later('checkout', 'its options')

  function later(path: string, what: string): void {
    report(path, `this version does not support ${what} yet. Leave it out`)
  }
}
