import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { SubscriptionSchedule } from '../../../documents.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { requireCustomer } from '../../customers/customer.ts'
import {
  checkPhaseDiscounts,
  discountsOf,
  notePhasesWithoutDiscounts,
} from '../../discounts/of/phase.ts'
import { requireOwnMethod } from '../../payments/methods/payment-method.ts'
import { defaultTaxes } from '../../tax/requests/schedule-taxes.ts'
import { noPaymentMethod } from '../change/bill-change.ts'
import { lacksMethod } from '../renew.ts'
import { applyPhase } from './apply-phase.ts'
import { buildPhases } from './build-phases.ts'
import { requireFewPhases, requirePastKept } from './phase-rules.ts'
import { changeSchedule, phaseAt } from './phases.ts'
import type { Phase } from './schedule.ts'
import { requireOpenSchedule } from './schedule.ts'
import type { DefaultSettingsParam, ScheduleUpdate } from './schedule-params.ts'

/**
 * Updates a schedule. New phases replace the current and future ones; what they change of the running phase is applied
 * now, and prorated as the request says. Throws 400.
 */
export function updateSchedule(ctx: Context, id: string, params: ScheduleUpdate): object {
  const before = requireOpenSchedule(ctx, id)
  const now = ctx.timeOf(before.test_clock)
  const phases = params.phases === undefined ? before.phases : newPhases(ctx, before, params.phases)
  const current = before.status === 'active' ? phaseAt({ ...before, phases }, now) : null
  const after = changeSchedule(ctx, before, {
    current_phase:
      current === null
        ? before.current_phase
        : { start_date: current.start_date, end_date: current.end_date },
    default_settings: changedDefaults(ctx, before, params.default_settings ?? {}),
    end_behavior: params.end_behavior ?? before.end_behavior,
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
    phases,
  })
  if (current !== null) {
    const old = before.phases.find(({ start_date }) => start_date === current.start_date)
    const changesDiscounts =
      old === undefined || !isDeepStrictEqual(discountsOf(old), discountsOf(current))
    applyToSubscription(ctx, after, { current, params, changesDiscounts })
  }
  return ctx.store.get('subscription_schedules', id) ?? after
}

function newPhases(
  ctx: Context,
  before: SubscriptionSchedule,
  params: NonNullable<ScheduleUpdate['phases']>,
): Phase[] {
  const now = ctx.timeOf(before.test_clock)
  const [first] = params
  if (!params.some((phase) => phase.start_date !== undefined)) {
    throw invalidRequest(
      'The subscription schedule update is missing at least one phase with a `start_date` to anchor end dates to.',
    )
  }
  const start = first?.start_date === 'now' ? now : first?.start_date
  const built = buildPhases(ctx, params, {
    customer: requireCustomer(ctx, before.customer),
    start: start ?? before.current_phase?.start_date ?? now,
    now,
    knownPrices: new Set(before.phases.flatMap(({ items }) => items.map((item) => item.price))),
  })
  requirePastKept(before, built, now)
  requireFewPhases(built, now)
  checkPhaseDiscounts(ctx, before, built)
  notePhasesWithoutDiscounts(ctx, before.id, { phases: built, params })
  const begins = built[0]?.start_date ?? now
  return [...before.phases.filter((phase) => phase.end_date <= Math.min(begins, now)), ...built]
}

function applyToSubscription(
  ctx: Context,
  schedule: SubscriptionSchedule,
  change: { current: Phase; params: ScheduleUpdate; changesDiscounts: boolean },
): void {
  const { current, params, changesDiscounts } = change
  const subscription = ctx.store.get('subscriptions', schedule.subscription ?? '')
  if (subscription === undefined) return
  const endsTrial = subscription.status === 'trialing' && current.trial_end === null
  if (endsTrial && !ctx.previewing && lacksMethod(ctx, subscription)) throw noPaymentMethod()
  applyPhase(ctx, subscription, {
    schedule,
    phase: current,
    proration: params.proration_behavior ?? 'create_prorations',
    begins: false,
    changesDiscounts,
  })
}

/** The default settings after a change; what is not named stays. */
export function changedDefaults(
  ctx: Context,
  { customer, default_settings: before }: SubscriptionSchedule,
  change: DefaultSettingsParam,
): SubscriptionSchedule['default_settings'] {
  const { default_payment_method: method, invoice_settings: invoices } = change
  if (method !== undefined) {
    requireOwnMethod(ctx, { id: method, customer }, 'default_settings[default_payment_method]')
  }
  return {
    ...before,
    ...defaultTaxes(ctx, change.automatic_tax, customer),
    billing_cycle_anchor: change.billing_cycle_anchor ?? before.billing_cycle_anchor,
    collection_method: change.collection_method ?? before.collection_method,
    default_payment_method: method ?? before.default_payment_method,
    description: change.description === undefined ? before.description : change.description,
    ...(invoices === undefined
      ? {}
      : {
          invoice_settings: {
            ...before.invoice_settings,
            ...(invoices.custom_fields === undefined
              ? {}
              : { custom_fields: invoices.custom_fields }),
            ...(invoices.days_until_due === undefined
              ? {}
              : { days_until_due: invoices.days_until_due }),
            ...(invoices.description === undefined ? {} : { description: invoices.description }),
            ...(invoices.footer === undefined ? {} : { footer: invoices.footer }),
            ...(invoices.issuer === undefined ? {} : { issuer: { type: invoices.issuer.type } }),
          },
        }),
  }
}
