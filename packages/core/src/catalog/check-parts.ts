import type {
  FeatureDefinition,
  MeterDefinition,
  OverageDefinition,
  PackDefinition,
  PlanDefinition,
} from './definition.ts'
import { checkInteger, checkName, isRecord, type Report, show } from './report.ts'

const RESETS = ['month', 'billing', 'day', 'hour', 'never']

export function checkMeter(meter: MeterDefinition, path: string, report: Report): void {
  checkName(meter.name, `${path}.name`, report)
  const unit: unknown = meter.unit
  const two = Array.isArray(unit) && unit.length === 2
  if (!two || !unit.every((word) => typeof word === 'string' && word.trim() !== '')) {
    report(`${path}.unit`, "must be two texts, one of it and several of it: ['token', 'tokens']")
  }
  const { resets = 'month' } = meter
  if (!RESETS.includes(resets)) {
    report(`${path}.resets`, `must be one of ${RESETS.join(', ')}, not ${show(resets)}`)
  }
}

export function checkPlan(
  plan: PlanDefinition<string, unknown>,
  { path, meterIds }: { path: string; meterIds: readonly string[] },
  report: Report,
): void {
  checkName(plan.name, `${path}.name`, report)
  if (typeof plan.description !== 'string') report(`${path}.description`, 'must be a text')
  checkInteger(plan.trialDays ?? 0, { path: `${path}.trialDays` }, report)
  if (!['boolean', 'undefined'].includes(typeof plan.retired)) {
    report(`${path}.retired`, `must be true or false, not ${show(plan.retired)}`)
  }
  checkLimits(plan.limits, { path: `${path}.limits`, meterIds }, report)
}

function checkLimits(
  limits: unknown,
  { path, meterIds }: { path: string; meterIds: readonly string[] },
  report: Report,
): void {
  if (!isRecord(limits)) {
    report(path, 'must be an object with a limit for each meter')
    return
  }
  for (const meter of meterIds.filter((id) => !Object.hasOwn(limits, id))) {
    report(
      `${path}.${meter}`,
      "is missing. Say what the plan gives of it: a number, 'unlimited' or 'none'",
    )
  }
  for (const [meter, limit] of Object.entries(limits)) {
    if (!meterIds.includes(meter)) {
      report(`${path}.${meter}`, `is no meter of this catalogue: ${meterIds.join(', ')}`)
    } else if (limit !== 'unlimited' && limit !== 'none' && !isCount(limit)) {
      report(
        `${path}.${meter}`,
        `must be a whole number of at least 0, 'unlimited' or 'none', not ${show(limit)}`,
      )
    }
  }
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

export function checkFeatureValues(
  values: Readonly<Record<string, unknown>>,
  { path, features }: { path: string; features: Readonly<Record<string, FeatureDefinition>> },
  report: Report,
): void {
  for (const [id, value] of Object.entries(values)) {
    const feature = Object.hasOwn(features, id) ? features[id] : undefined
    if (feature === undefined) {
      report(`${path}.${id}`, 'is no feature of this catalogue. Declare it in features')
    } else if (feature.type === 'number') {
      checkInteger(value, { path: `${path}.${id}` }, report)
    } else if (typeof value !== 'boolean') {
      report(`${path}.${id}`, `must be true or false, not ${show(value)}`)
    }
  }
}

export function checkOverage(
  overage: Readonly<Record<string, OverageDefinition | undefined>>,
  { path, meters }: { path: string; meters: object },
  report: Report,
): void {
  for (const [id, value] of Object.entries(overage)) {
    if (!Object.hasOwn(meters, id)) report(`${path}.${id}`, 'is no meter of this catalogue')
    if (!isRecord(value)) {
      report(`${path}.${id}`, 'must be { per, price: { usd: … }, defaultCap: { usd: … } }')
      continue
    }
    checkInteger(value.per, { path: `${path}.${id}.per`, least: 1 }, report)
    if (value.defaultCap !== 'none' && !isRecord(value.defaultCap)) {
      report(`${path}.${id}.defaultCap`, "must be { usd: … } with every currency, or 'none'")
    }
  }
}

export function checkPack(
  pack: PackDefinition<string>,
  { path, meters }: { path: string; meters: object },
  report: Report,
): void {
  checkName(pack.name, `${path}.name`, report)
  if (!Object.hasOwn(meters, pack.meter)) {
    report(`${path}.meter`, `${show(pack.meter)} is no meter of this catalogue`)
  }
  checkInteger(pack.amount, { path: `${path}.amount`, least: 1 }, report)
  if (pack.expiresAfterDays === undefined || pack.expiresAfterDays === null) return
  checkInteger(pack.expiresAfterDays, { path: `${path}.expiresAfterDays`, least: 1 }, report)
}
