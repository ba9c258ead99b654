import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch, StripeError } from '../../../core/errors.ts'
import type { Customer, Price, Subscription } from '../../../documents.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { requireOwnMethod } from '../../payments/methods/payment-method.ts'
import { requireSource } from '../../payments/methods/source.ts'
import { newTaxRates } from '../../tax/rates/tax-rate.ts'
import { subscriptionTaxes } from '../../tax/requests/subscription-taxes.ts'
import type { CancelAt } from '../cancel.ts'
import { trialSettings } from '../change/changed-fields.ts'
import type { SubscriptionOrder } from '../first-period/order.ts'
import { readAddedItems } from '../items/added-items.ts'
import { requireFittingPrices } from '../items/item-rules.ts'
import { pendingIntervalFields } from '../items/pending-interval.ts'
import { priceOf } from '../items/subscription-item-params.ts'
import { NEW_SETTINGS } from '../subscription.ts'
import { anchorOf } from './anchor.ts'
import {
  requireDaysUntilDue,
  requireFuture,
  requireTrialDays,
  requireTrialEnd,
} from './request-rules.ts'
import { changedInvoiceSettings, changedPaymentSettings } from './settings-params.ts'
import type { SubscriptionCreation } from './subscription-params.ts'

const DAY = 86_400

/** Reads the order of a new subscription from the parameters of its creation. Throws 400, and 404 without its customer. */
export function newOrder(ctx: Context, params: SubscriptionCreation): SubscriptionOrder {
  const customer = ctx.store.get('customers', params.customer)
  if (customer === undefined) throw noCustomer(params.customer)
  const now = ctx.timeOf(customer.test_clock)
  requireExclusive(params)
  requireDaysUntilDue(params.collection_method ?? 'charge_automatically', params.days_until_due)
  requireOwnMethods(ctx, customer, params)
  const items = params.items.map((item, index) => ({
    price: priceOf(ctx, item, index),
    quantity: item.quantity ?? 1,
    metadata: changeMetadata({}, item.metadata),
    discounts: item.discounts,
    taxRates: newTaxRates(ctx, item.tax_rates, `items[${index}][tax_rates]`),
  }))
  const prices = items.map(({ price }) => price)
  requireFittingPrices(ctx, customer, { prices, currency: params.currency })
  return {
    customer,
    items,
    discounts: params.discounts,
    currency: params.currency,
    trialEnd: trialEnd(params, prices, now),
    anchor: anchorOf(params, prices, now),
    backdatedTo: backdatedTo(params, now),
    prorate: params.proration_behavior !== 'none',
    paymentBehavior: paymentBehavior(params),
    cancelAt: cancelAt(params, now),
    addedItems: readAddedItems(ctx, params.add_invoice_items ?? []),
    fields: {
      ...fieldsOf(params, now),
      ...subscriptionTaxes(ctx, params, { customer, before: null }),
    },
    announce: 'after_payment',
    payWith: null,
    authenticated: false,
  }
}

/** The customer of a new subscription is missing with the status of one in the path (probed). */
function noCustomer(id: string): StripeError {
  return new StripeError(404, { ...noSuch('customer', id).fields, param: 'customer' })
}

function requireExclusive(params: SubscriptionCreation): void {
  if (params.cancel_at !== undefined && params.cancel_at_period_end !== undefined) {
    throw invalidRequest(
      'Received both cancel_at_period_end and cancel_at parameters. Please pass in only one.',
    )
  }
  const { trial_end: end, trial_period_days: days } = params
  if (params.trial_from_plan === true && (end !== undefined || days !== undefined)) {
    throw invalidRequest(
      'You cannot set `trial_end` or `trial_period_days` when `trial_from_plan=true`.',
    )
  }
  if (end !== undefined && days !== undefined) {
    throw invalidRequest(
      'Received both trial_end and trial_period_days parameters. Please pass in only one.',
    )
  }
}

function requireOwnMethods(ctx: Context, customer: Customer, params: SubscriptionCreation): void {
  const { default_payment_method: method, default_source: source } = params
  if (typeof method === 'string') {
    requireOwnMethod(ctx, { id: method, customer: customer.id }, 'default_payment_method')
  }
  if (typeof source === 'string') requireSource(ctx, customer.id, source)
}

function trialEnd(
  params: SubscriptionCreation,
  prices: readonly Price[],
  now: number,
): number | null {
  const { trial_end: end, trial_period_days: days } = params
  if (typeof end === 'number') {
    requireTrialEnd(end, { now, from: now })
    return end
  }
  if (days !== undefined) requireTrialDays(days)
  const ofPlan = params.trial_from_plan === true ? planTrialDays(prices) : 0
  const length = days ?? ofPlan
  return length === 0 ? null : now + length * DAY
}

function planTrialDays(prices: readonly Price[]): number {
  const days = prices.map((price) => price.recurring?.trial_period_days ?? 0)
  return days.find((one) => one > 0) ?? 0
}

function backdatedTo(
  { backdate_start_date: date }: SubscriptionCreation,
  now: number,
): number | undefined {
  if (date === undefined || date < now) return date
  throw invalidRequest('`backdate_start_date` must be in the past.', {
    param: 'backdate_start_date',
  })
}

function paymentBehavior(params: SubscriptionCreation): SubscriptionOrder['paymentBehavior'] {
  const behavior = params.payment_behavior ?? 'allow_incomplete'
  if (behavior !== 'pending_if_incomplete') return behavior
  throw invalidRequest(
    'Setting `payment_behavior` to `pending_if_incomplete` has no effect when creating a subscription.',
    { param: 'payment_behavior' },
  )
}

function cancelAt(params: SubscriptionCreation, now: number): CancelAt | null {
  if (params.cancel_at_period_end === true) return 'cancel_at_period_end'
  if (typeof params.cancel_at === 'number') requireFuture(params.cancel_at, now, 'cancel_at')
  return params.cancel_at ?? null
}

function fieldsOf(params: SubscriptionCreation, now: number): Partial<Subscription> {
  const { billing_cycle_anchor_config: config, pending_invoice_item_interval: interval } = params
  return {
    metadata: changeMetadata({}, params.metadata),
    description: params.description ?? null,
    collection_method: params.collection_method ?? 'charge_automatically',
    days_until_due: params.days_until_due ?? null,
    default_payment_method: params.default_payment_method ?? null,
    default_source: params.default_source ?? null,
    invoice_settings: changedInvoiceSettings(
      NEW_SETTINGS.invoice_settings,
      params.invoice_settings ?? {},
    ),
    payment_settings: changedPaymentSettings(null, params.payment_settings ?? {}),
    ...(config === undefined
      ? {}
      : {
          billing_cycle_anchor_config: {
            day_of_month: config.day_of_month,
            hour: config.hour ?? null,
            minute: config.minute ?? null,
            month: config.month ?? null,
            second: config.second ?? null,
          },
        }),
    ...(interval === undefined ? {} : pendingIntervalFields(interval, now)),
    ...(params.trial_settings === undefined
      ? {}
      : { trial_settings: trialSettings(null, params.trial_settings) }),
  }
}
