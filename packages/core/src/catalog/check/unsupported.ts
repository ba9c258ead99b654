import type { AnyDefinition } from '../definition.ts'
import type { Report } from './report.ts'

/** What a catalogue may already say, and this version does not do yet: refused, so that nothing is promised in vain. */
export function findUnsupported(definition: AnyDefinition, report: Report): void {
  const { alerts = [] } = definition
  if (alerts.length > 0) later('alerts', 'alerts')

  function later(path: string, what: string): void {
    report(path, `this version does not support ${what} yet. Leave it out`)
  }
}
