import { amountsOf, defaultCurrencyOf } from '../amounts.ts'
import type { AnyDefinition, AnyPlanDefinition, SinglePrice } from '../definition.ts'
import { checkInteger, isRecord, type Report, show } from './report.ts'

const CURRENCY = /^[a-z]{3}$/
const SHORT_FORM = ['currency', 'unitAmount', 'interval'] as const
const FORM_HINT = 'must be { month: { usd: 1_900 } }, in minor units, or null for the free plan'

/** Every price and cap names the same currencies, and one plan at most is free. */
export function checkPrices(definition: AnyDefinition, report: Report): void {
  const { plans, packs = {} } = definition
  const readable = Object.entries(plans).filter(([id, plan]) =>
    checkForm(plan, `plans.${id}`, report),
  )
  const amounts = [
    ...readable.flatMap(([id, plan]) => amountsOfPlan(id, plan)),
    ...Object.entries(packs).map(([id, { price }]) => [`packs.${id}.price`, price] as const),
  ]
  const wellFormed = amounts.map(([path, each]) => checkAmounts(each, path, report))
  if (readable.length < Object.keys(plans).length || wellFormed.includes(false)) return
  checkCurrencies(amounts, defaultCurrencyOf(definition), report)
  const free = readable.filter(([, plan]) => 'price' in plan && plan.price === null)
  for (const [id, plan] of free) checkFree(plan, `plans.${id}`, report)
  if (free.length > 1) {
    const ids = free.map(([id]) => id).join(' and ')
    report(`plans.${free[1]?.[0]}.price`, `only one plan can be free, and ${ids} are`)
  }
}

/** The free plan is what users have without a subscription, so nothing of it can begin, end or be sold. */
function checkFree(plan: AnyPlanDefinition, path: string, report: Report): void {
  const { trialDays = 0, retired = false, overage = {} } = plan
  if (trialDays > 0) report(`${path}.trialDays`, 'must be left out: the free plan costs nothing')
  if (retired)
    report(`${path}.retired`, 'must be left out: take the free plan out of the catalogue')
  if (Object.keys(overage).length > 0) {
    report(`${path}.overage`, 'must be left out: without a subscription nothing can be charged')
  }
}

/** Whether a price is written in one of its two forms. */
function checkForm(plan: AnyPlanDefinition, path: string, report: Report): boolean {
  if (!('price' in plan)) return checkShortForm(plan, path, report)
  const short = SHORT_FORM.filter((key) => Object.hasOwn(plan, key))
  for (const key of short) report(`${path}.${key}`, 'is said by price already. Leave it out')
  const price: unknown = plan.price
  if (price === null) return short.length === 0
  const intervals = isRecord(price) ? Object.entries(price) : []
  const unknown = intervals.filter(([interval]) => interval !== 'month' && interval !== 'year')
  for (const [interval] of unknown) {
    report(`${path}.price.${interval}`, "is no interval: write 'month' or 'year'")
  }
  const some = intervals.some(([, amounts]) => amounts !== undefined)
  if (!some) report(`${path}.price`, FORM_HINT)
  return some && unknown.length === 0 && short.length === 0
}

function checkShortForm(
  { currency, unitAmount, interval }: Partial<SinglePrice>,
  path: string,
  report: Report,
): boolean {
  if (currency === undefined && unitAmount === undefined && interval === undefined) {
    report(`${path}.price`, FORM_HINT)
    return false
  }
  const issues: [path: string, message: string][] = []
  const note: Report = (where, message) => issues.push([where, message])
  if (typeof currency !== 'string' || !CURRENCY.test(currency)) {
    note(`${path}.currency`, `must be three small letters, such as usd, not ${show(currency)}`)
  }
  checkInteger(unitAmount, { path: `${path}.unitAmount` }, note)
  if (interval !== 'month' && interval !== 'year') {
    note(`${path}.interval`, `must be 'month' or 'year', not ${show(interval)}`)
  }
  for (const issue of issues) report(...issue)
  return issues.length === 0
}

/** Every amount that a plan names, also those of its overage, with its path. */
function amountsOfPlan(
  id: string,
  plan: AnyPlanDefinition,
): (readonly [path: string, amounts: unknown])[] {
  const short = !('price' in plan)
  const prices = amountsOf(plan).map(([interval, amounts]) => {
    return [short ? `plans.${id}` : `plans.${id}.price.${interval}`, amounts] as const
  })
  const sold: [string, unknown][] = isRecord(plan.overage) ? Object.entries(plan.overage) : []
  const overage = sold.flatMap(([meter, value]) => {
    if (!isRecord(value)) return []
    const path = `plans.${id}.overage.${meter}`
    const cap = value['defaultCap']
    const caps = isRecord(cap) ? [[`${path}.defaultCap`, cap] as const] : []
    return [[`${path}.price`, value['price']] as const, ...caps]
  })
  return [...prices, ...overage]
}

function checkAmounts(amounts: unknown, path: string, report: Report): boolean {
  if (!isRecord(amounts) || Object.keys(amounts).length === 0) {
    report(path, 'must be amounts in minor units by currency, such as { usd: 1_900 }')
    return false
  }
  const wrong = Object.keys(amounts).filter((currency) => !CURRENCY.test(currency))
  for (const currency of wrong) {
    report(`${path}.${currency}`, 'is no currency: write three small letters, such as usd')
  }
  for (const [currency, amount] of Object.entries(amounts)) {
    checkInteger(amount, { path: `${path}.${currency}` }, report)
  }
  return wrong.length === 0
}

function checkCurrencies(
  amounts: readonly (readonly [path: string, amounts: unknown])[],
  defaultCurrency: string,
  report: Report,
): void {
  const named = amounts.map(
    ([path, each]) => [path, isRecord(each) ? Object.keys(each) : []] as const,
  )
  const all = new Set(named.flatMap(([, currencies]) => currencies))
  for (const [path, currencies] of named) {
    for (const missing of [...all].filter((currency) => !currencies.includes(currency))) {
      const what = missing === defaultCurrency ? `${missing}, the default currency` : missing
      report(
        path,
        `has no amount in ${what}. Every price names the same currencies: add ${missing}`,
      )
    }
  }
}
