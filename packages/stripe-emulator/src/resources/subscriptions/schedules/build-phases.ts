import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { afterIntervals } from '../../../core/periods.ts'
import type { Customer, Price } from '../../../documents.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { requirePrice } from '../../catalog/price.ts'
import { phaseDiscounts } from '../../discounts/of/phase.ts'
import { requireOwnMethod } from '../../payments/methods/payment-method.ts'
import { newTaxRates } from '../../tax/rates/tax-rate.ts'
import { phaseTaxes } from '../../tax/requests/schedule-taxes.ts'
import { readAddedItems } from '../items/added-items.ts'
import { requireFittingPrices } from '../items/item-rules.ts'
import { recurrenceOf } from '../items/periods.ts'
import { priceNamed } from '../items/subscription-item-params.ts'
import { requireDaysUntilDue } from '../requests/request-rules.ts'
import { requireDates, requireSettings } from './phase-rules.ts'
import type { Phase } from './schedule.ts'
import { NO_INVOICE_SETTINGS, PHASE_DEFAULTS } from './schedule.ts'
import type { PhaseParam } from './schedule-params.ts'

/** Where phases are built: whose they are, when the first one starts, and the prices that are in use already. */
export interface PhasePlace {
  customer: Customer
  start: number
  now: number
  knownPrices: ReadonlySet<string>
}

/** Builds the phases of a schedule from parameters, one after the other. Throws 400. */
export function buildPhases(
  ctx: Context,
  params: readonly PhaseParam[],
  place: PhasePlace,
): Phase[] {
  let next = place.start
  return params.map((param, index) => {
    const name = `phases[${index}]`
    requireDates(param, { name, isFirst: index === 0, previousEnd: next, now: place.now })
    const prices = pricesOf(ctx, param, { ...place, name })
    const begins = startOf(param, { now: place.now, otherwise: next })
    next = endOf(param, { name, begins, prices, now: place.now })
    const phase = {
      ...PHASE_DEFAULTS,
      ...settingsOf(ctx, param, { ...place, name }),
      currency: param.currency ?? prices[0]?.currency ?? 'usd',
      discounts: phaseDiscounts(param.discounts),
      end_date: next,
      items: itemsOf(ctx, param, { prices, name }),
      metadata: param.metadata ?? {},
      proration_behavior: param.proration_behavior ?? ('create_prorations' as const),
      start_date: begins,
      trial_end: trialEndOf(param, next, place.now),
    }
    requireSettings(param, phase, name)
    return phase
  })
}

function startOf(param: PhaseParam, { now, otherwise }: { now: number; otherwise: number }) {
  return param.start_date === 'now' ? now : (param.start_date ?? otherwise)
}

function trialEndOf(param: PhaseParam, end: number, now: number): number | null {
  if (param.trial === true) return end
  return param.trial_end === 'now' ? now : (param.trial_end ?? null)
}

function pricesOf(
  ctx: Context,
  param: PhaseParam,
  { customer, knownPrices, name }: PhasePlace & { name: string },
): Price[] {
  const prices = param.items.map((item, index) => {
    const at = `${name}[items][${index}]`
    const id = item.price ?? item.plan ?? ''
    // A price that was archived later stays in the phases that have it.
    if (knownPrices.has(id)) return requirePrice(ctx, id, `${at}[price]`)
    return priceNamed(ctx, item, (field) => `${at}[${field}]`)
  })
  requireFittingPrices(ctx, customer, {
    prices,
    name: `${name}[items]`,
    currency: param.currency,
  })
  return prices
}

function itemsOf(
  ctx: Context,
  param: PhaseParam,
  { prices, name }: { prices: readonly Price[]; name: string },
): Phase['items'] {
  return param.items.flatMap((item, index) => {
    const price = prices[index]
    if (price === undefined) return []
    const isMetered = price.recurring?.usage_type === 'metered'
    return {
      billing_thresholds: null,
      discounts: phaseDiscounts(item.discounts),
      metadata: changeMetadata({}, item.metadata),
      plan: price.id,
      price: price.id,
      ...(isMetered ? {} : { quantity: item.quantity ?? 1 }),
      tax_rates: newTaxRates(ctx, item.tax_rates, `${name}[items][${index}][tax_rates]`),
    }
  })
}

function endOf(
  param: PhaseParam,
  about: { name: string; begins: number; prices: readonly Price[]; now: number },
): number {
  const { begins, name, prices } = about
  const end = namedEnd(param, about)
  if (end !== null) {
    if (end > begins) return end
    throw invalidRequest('The `end_date` of a phase must be after its start.', {
      param: `${name}[end_date]`,
    })
  }
  const { duration, iterations = 1 } = param
  if (duration !== undefined) {
    const recurrence = { interval: duration.interval, interval_count: duration.interval_count ?? 1 }
    return afterIntervals(begins, recurrence, 1)
  }
  const ends = prices.map((price) => afterIntervals(begins, recurrenceOf(price), iterations))
  if (param.iterations !== undefined && new Set(ends).size > 1) {
    throw invalidRequest(
      '`iterations` cannot be used for prices of different intervals. Use `duration` instead.',
      { param: `${name}[iterations]` },
    )
  }
  return Math.min(...ends)
}

function namedEnd(param: PhaseParam, { now }: { now: number }): number | null {
  return param.end_date === 'now' ? now : (param.end_date ?? null)
}

function settingsOf(
  ctx: Context,
  param: PhaseParam,
  { customer, name }: PhasePlace & { name: string },
): Partial<Phase> {
  const { default_payment_method: method, invoice_settings: invoices } = param
  if (method !== undefined) {
    const own = { id: method, customer: customer.id }
    requireOwnMethod(ctx, own, `${name}[default_payment_method]`)
  }
  if (param.collection_method !== undefined) {
    requireDaysUntilDue(param.collection_method, invoices?.days_until_due)
  }
  return {
    ...phaseTaxes(ctx, param, { customer, name }),
    add_invoice_items: addedItemsOf(ctx, param, name),
    billing_cycle_anchor: param.billing_cycle_anchor ?? null,
    collection_method: param.collection_method ?? null,
    default_payment_method: method ?? null,
    description: param.description ?? null,
    invoice_settings:
      invoices === undefined
        ? null
        : {
            ...NO_INVOICE_SETTINGS,
            custom_fields: invoices.custom_fields ?? null,
            days_until_due: invoices.days_until_due ?? null,
            description: invoices.description ?? null,
            footer: invoices.footer ?? null,
            issuer: invoices.issuer === undefined ? null : { type: invoices.issuer.type },
          },
  }
}

function addedItemsOf(ctx: Context, param: PhaseParam, name: string): Phase['add_invoice_items'] {
  const added = readAddedItems(ctx, param.add_invoice_items ?? [], `${name}[add_invoice_items]`)
  return added.map((one, index) => {
    const period = param.add_invoice_items?.[index]?.period
    return {
      discountable: one.discountable,
      discounts: phaseDiscounts(one.discounts),
      metadata: changeMetadata({}, one.metadata),
      period: {
        end: period?.end ?? { type: 'min_item_period_end' },
        start: period?.start ?? { type: 'max_item_period_start' },
      },
      price: one.price.id,
      quantity: one.quantity,
      tax_rates: one.taxRates,
    }
  })
}
