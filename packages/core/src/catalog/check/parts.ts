import type {
  FeatureDefinition,
  MeterDefinition,
  PackDefinition,
  PlanDefinition,
} from '../definition.ts'
import { exactUnitPrice } from '../unit-price.ts'
import { checkInteger, checkKeys, checkName, isRecord, type Report, show } from './report.ts'

const RESETS = ['month', 'billing', 'day', 'hour', 'never']
const METER_KEYS = ['name', 'unit', 'resets']
const FEATURE_KEYS = ['name', 'type']
const PACK_KEYS = ['name', 'meter', 'amount', 'price', 'expiresAfterDays']
const OVERAGE_KEYS = ['per', 'price', 'defaultCap']
const CHECKOUT_KEYS = ['promotionCodes', 'automaticTax', 'taxIds']
const PLAN_KEYS = [
  ...['name', 'description', 'price', 'currency', 'unitAmount', 'interval', 'trialDays', 'limits'],
  ...['overage', 'features', 'retired'],
]

export function checkMeter(meter: MeterDefinition, path: string, report: Report): void {
  checkKeys(meter, { path, known: METER_KEYS }, report)
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

export function checkFeature(feature: FeatureDefinition, path: string, report: Report): void {
  checkKeys(feature, { path, known: FEATURE_KEYS }, report)
  checkName(feature.name, `${path}.name`, report)
  const { type = 'boolean' } = feature
  if (type !== 'boolean' && type !== 'number') {
    report(`${path}.type`, `must be 'boolean' or 'number', not ${show(type)}`)
  }
}

export function checkPlan(
  plan: PlanDefinition<string, unknown>,
  { path, meterIds }: { path: string; meterIds: readonly string[] },
  report: Report,
): void {
  checkKeys(plan, { path, known: PLAN_KEYS }, report)
  checkName(plan.name, `${path}.name`, report)
  if (typeof plan.description !== 'string') report(`${path}.description`, 'must be a text')
  const { trialDays = 0, retired } = plan
  checkInteger(trialDays, { path: `${path}.trialDays` }, report)
  checkFlag(retired, `${path}.retired`, report)
  checkLimits(plan.limits, { path: `${path}.limits`, meterIds }, report)
}

/** True, false or left out. */
function checkFlag(value: unknown, path: string, report: Report): void {
  if (value === undefined || typeof value === 'boolean') return
  report(path, `must be true or false, not ${show(value)}`)
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
  values: unknown,
  { path, features }: { path: string; features: Readonly<Record<string, FeatureDefinition>> },
  report: Report,
): void {
  if (values === undefined) return
  if (!isRecord(values)) {
    report(path, 'must be an object with a value for each feature that the plan gives')
    return
  }
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

/** A subscription at Stripe has 20 items at most, and one is the plan's. */
const MOST_OVERAGE = 19

export function checkOverage(
  overage: unknown,
  { path, meters }: { path: string; meters: object },
  report: Report,
): void {
  if (overage === undefined) return
  if (!isRecord(overage)) {
    report(path, 'must be an object with an entry for each meter that is sold beyond its limit')
    return
  }
  const sold = Object.keys(overage).length
  if (sold > MOST_OVERAGE) {
    report(path, `has ${sold} meters. Stripe takes at most ${MOST_OVERAGE} beside the plan itself`)
  }
  for (const [id, value] of Object.entries(overage)) {
    if (!Object.hasOwn(meters, id)) report(`${path}.${id}`, 'is no meter of this catalogue')
    if (!isRecord(value)) {
      report(`${path}.${id}`, 'must be { per, price: { usd: … }, defaultCap: { usd: … } }')
      continue
    }
    checkKeys(value, { path: `${path}.${id}`, known: OVERAGE_KEYS }, report)
    checkInteger(value['per'], { path: `${path}.${id}.per`, least: 1 }, report)
    if (value['defaultCap'] !== 'none' && !isRecord(value['defaultCap'])) {
      report(`${path}.${id}.defaultCap`, "must be { usd: … } with every currency, or 'none'")
    }
    checkUnitPrices(value, `${path}.${id}.price`, report)
  }
}

/** What one unit costs is sent to Stripe, which takes 12 decimals of the minor unit. */
function checkUnitPrices(
  { per, price }: Record<string, unknown>,
  path: string,
  report: Report,
): void {
  if (!isCount(per) || !isRecord(price)) return
  for (const [currency, amount] of Object.entries(price)) {
    if (!isCount(amount) || Number(per) < 1) continue
    if (exactUnitPrice(Number(amount), Number(per)) !== null) continue
    report(
      `${path}.${currency}`,
      `${show(amount)} for ${show(per)} is no price of one that has at most 12 decimals. Choose a per whose only factors are 2 and 5, such as 1_000`,
    )
  }
}

export function checkPack(
  pack: PackDefinition<string>,
  { path, meters }: { path: string; meters: object },
  report: Report,
): void {
  checkKeys(pack, { path, known: PACK_KEYS }, report)
  checkName(pack.name, `${path}.name`, report)
  if (!Object.hasOwn(meters, pack.meter)) {
    report(`${path}.meter`, `${show(pack.meter)} is no meter of this catalogue`)
  }
  checkInteger(pack.amount, { path: `${path}.amount`, least: 1 }, report)
  if (pack.expiresAfterDays === undefined || pack.expiresAfterDays === null) return
  checkInteger(pack.expiresAfterDays, { path: `${path}.expiresAfterDays`, least: 1 }, report)
}

export function checkCheckout(checkout: unknown, report: Report): void {
  if (checkout === undefined) return
  if (!isRecord(checkout)) {
    report('checkout', `must be an object with ${CHECKOUT_KEYS.join(', ')}`)
    return
  }
  checkKeys(checkout, { path: 'checkout', known: CHECKOUT_KEYS }, report)
  for (const key of CHECKOUT_KEYS) checkFlag(checkout[key], `checkout.${key}`, report)
}
