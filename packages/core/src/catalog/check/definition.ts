import { CatalogError, type CatalogIssue } from '../catalog-error.ts'
import type { AnyDefinition } from '../definition.ts'
import {
  checkCheckout,
  checkFeature,
  checkFeatureValues,
  checkMeter,
  checkOverage,
  checkPack,
  checkPlan,
} from './parts.ts'
import { checkPrices } from './prices.ts'
import { checkKeys, isRecord, type Report, show } from './report.ts'
import { checkStripeNames } from './stripe-names.ts'

const ID = /^[a-z][a-zA-Z0-9_]{0,39}$/
const MOST = 50
const PARTS = ['meters', 'plans', 'features', 'packs', 'alerts', 'checkout']

/** Throws a CatalogError that lists every mistake; callers without types are checked as those with them. */
export function checkDefinition(definition: AnyDefinition): void {
  const issues: CatalogIssue[] = []
  const report: Report = (path, message) => issues.push({ path, message })
  if (checkShape(definition, report)) checkAll(definition, report)
  if (issues.length > 0) throw new CatalogError(issues)
}

/** Whether the parts are records of records at all, so that the rest can be read. */
function checkShape(definition: AnyDefinition, report: Report): boolean {
  if (!isRecord(definition)) {
    report('definePlans', 'must be given { meters: { … }, plans: { … } }')
    return false
  }
  const parts = (['meters', 'plans', 'features', 'packs'] as const).map((part) => {
    const value: unknown = definition[part]
    if (value === undefined && (part === 'features' || part === 'packs')) return true
    return checkPart(part, value, report)
  })
  return parts.every((fine) => fine)
}

function checkPart(part: string, value: unknown, report: Report): boolean {
  if (!isRecord(value)) {
    report(part, 'must be an object with an entry for each id')
    return false
  }
  const ids = Object.keys(value)
  const least = part === 'meters' || part === 'plans' ? 1 : 0
  if (ids.length < least || ids.length > MOST) {
    report(part, `has ${ids.length} entries; declare from ${least} to ${MOST}`)
  }
  for (const id of ids.filter((each) => !ID.test(each))) {
    report(
      `${part}.${JSON.stringify(id)}`,
      'is not an id: begin with a small letter, then up to 39 letters, digits and _',
    )
  }
  const wrong = ids.filter((id) => !isRecord(value[id]))
  for (const id of wrong) report(`${part}.${id}`, 'must be an object')
  return wrong.length === 0
}

function checkAll(definition: AnyDefinition, report: Report): void {
  const { meters, features = {}, plans, packs = {} } = definition
  checkKeys(definition, { path: '', known: PARTS }, report)
  for (const [id, meter] of Object.entries(meters)) checkMeter(meter, `meters.${id}`, report)
  for (const [id, feature] of Object.entries(features)) {
    checkFeature(feature, `features.${id}`, report)
  }
  for (const [id, plan] of Object.entries(plans)) {
    const path = `plans.${id}`
    checkPlan(plan, { path, meterIds: Object.keys(meters) }, report)
    checkFeatureValues(plan.features, { path: `${path}.features`, features }, report)
    checkOverage(plan.overage, { path: `${path}.overage`, meters }, report)
  }
  for (const [id, pack] of Object.entries(packs)) {
    checkPack(pack, { path: `packs.${id}`, meters }, report)
  }
  checkPrices(definition, report)
  checkAlerts(definition.alerts, report)
  checkCheckout(definition.checkout, report)
  checkStripeNames(definition, report)
}

function checkAlerts(alerts: unknown, report: Report): void {
  if (alerts === undefined) return
  if (!Array.isArray(alerts)) {
    report('alerts', 'must be a list, such as [0.8, 1]')
    return
  }
  for (const [index, share] of alerts.entries()) {
    if (typeof share === 'number' && share > 0 && share <= 1) continue
    report(
      `alerts[${index}]`,
      `must be a share of the limit above 0 and up to 1, not ${show(share)}`,
    )
  }
}
