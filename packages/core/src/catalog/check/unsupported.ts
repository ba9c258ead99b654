import type { AnyDefinition } from '../definition.ts'
import type { Report } from './report.ts'

/** What a catalogue may already say, and this version does not do yet: refused, so that nothing is promised in vain. */
export function findUnsupported(definition: AnyDefinition, report: Report): void {
  for (const [id, plan] of Object.entries(definition.plans)) {
    if (Object.keys(plan.overage ?? {}).length > 0) later(`plans.${id}.overage`, 'overage')
  }

  function later(path: string, what: string): void {
    report(path, `this version does not support ${what} yet. Leave it out`)
  }
}
