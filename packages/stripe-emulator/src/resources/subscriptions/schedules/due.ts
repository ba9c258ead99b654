import type { Context } from '../../../core/context.ts'
import { requirePrice } from '../../catalog/price.ts'
import { defaultMethodOf, requireCustomer } from '../../customers/customer.ts'
import type { PhaseDiscount } from '../../discounts/of/phase.ts'
import { usableDiscounts } from '../../discounts/of/phase.ts'
import { scheduleExpiryNotice } from '../../events/reminders.ts'
import { taxesOfPhase } from '../../tax/requests/schedule-taxes.ts'
import { cancelSubscription } from '../cancel.ts'
import { changedFields } from '../change/changed-fields.ts'
import { createSubscription } from '../create.ts'
import { runSubscriptionDue } from '../renew.ts'
import { newSubscription, periodEnd, requireSubscription } from '../subscription.ts'
import { applyPhase } from './apply-phase.ts'
import { addedItemsOfPhase, settingsOfPhase } from './phase-update.ts'
import { beginPhase, leaveLastPhase, phaseAt } from './phases.ts'
import { requireSchedule } from './schedule.ts'

/** Runs the due work of a schedule: its start, or the step to its next phase. */
export function runScheduleDue(ctx: Context, id: string): void {
  const schedule = requireSchedule(ctx, id)
  if (schedule.status === 'not_started') {
    startSchedule(ctx, id)
    return
  }
  const before = requireSubscription(ctx, schedule.subscription ?? '')
  const now = ctx.timeOf(schedule.test_clock)
  // At the end of a period the renewal enters the phase, so that it bills the new phase.
  if (periodEnd(before) <= now && before.status !== 'incomplete' && before.status !== 'paused') {
    runSubscriptionDue(ctx, before.id)
    return
  }
  const phase = phaseAt(schedule, now)
  if (phase === null) {
    const after = leaveLastPhase(ctx, before, schedule)
    if (after === null) cancelSubscription(ctx, before, { asScheduled: true })
    return
  }
  beginPhase(ctx, schedule, phase)
  applyPhase(ctx, before, {
    schedule,
    phase,
    proration: prorationOf(phase.proration_behavior),
    begins: true,
  })
}

function prorationOf(behavior: string): 'always_invoice' | 'create_prorations' | 'none' {
  return behavior === 'always_invoice' || behavior === 'none' ? behavior : 'create_prorations'
}

/** Creates the subscription of a schedule whose first phase begins, now or at an earlier instant. */
export function startSchedule(ctx: Context, id: string): void {
  const schedule = requireSchedule(ctx, id)
  const [phase] = schedule.phases
  if (phase === undefined) throw new Error(`${id} has no phase`)
  const customer = requireCustomer(ctx, schedule.customer)
  const now = ctx.timeOf(schedule.test_clock)
  const blank = newSubscription(ctx, customer, phase.currency)
  const settings = changedFields(ctx, blank, settingsOfPhase(schedule, phase))
  const method = settings.default_payment_method ?? defaultMethodOf(customer)
  const canPay = method !== null || settings.collection_method === 'send_invoice'
  const trialEnd = phase.trial_end !== null && phase.trial_end > now ? phase.trial_end : null
  const ofCustomer = customer.discount ? [customer.discount.id] : []
  const usable = (discounts: readonly PhaseDiscount[]) =>
    usableDiscounts(ctx, discounts, { customer, currency: phase.currency, reusable: ofCustomer })
  const { subscription } = createSubscription(ctx, {
    customer,
    discounts: usable(phase.discounts),
    items: phase.items.map((item) => ({
      price: requirePrice(ctx, item.price),
      quantity: item.quantity ?? 1,
      metadata: item.metadata ?? {},
      discounts: usable(item.discounts),
      taxRates: item.tax_rates ?? [],
    })),
    currency: phase.currency,
    trialEnd,
    anchor: null,
    backdatedTo: phase.start_date < now ? phase.start_date : undefined,
    prorate: phase.proration_behavior !== 'none',
    // There is no request to reject: without a payment method the invoice stays open.
    paymentBehavior: canPay ? 'allow_incomplete' : 'default_incomplete',
    cancelAt: null,
    addedItems: addedItemsOfPhase(ctx, phase),
    fields: { ...settings, ...taxesOfPhase(schedule, phase), schedule: id },
    waitsAsDraft: canPay,
    announce: 'after_payment',
    payWith: null,
    authenticated: false,
  })
  const started = ctx.patch('subscription_schedules', id, {
    current_phase: { start_date: phase.start_date, end_date: phase.end_date },
    status: 'active',
    subscription: subscription.id,
  })
  scheduleExpiryNotice(ctx, started)
}
