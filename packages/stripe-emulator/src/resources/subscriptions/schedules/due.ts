import type { Context } from '../../../core/context.ts'
import { requirePrice } from '../../catalog/price.ts'
import { defaultMethodOf, requireCustomer } from '../../customers/customer.ts'
import { changesBetween } from '../../events/changes.ts'
import { scheduleExpiryNotice } from '../../events/reminders.ts'
import { cancelSubscription } from '../cancel.ts'
import { itemChanges, prorate } from '../change/prorate.ts'
import { createSubscription } from '../create.ts'
import { runSubscriptionDue } from '../renew.ts'
import { periodEnd, requireSubscription } from '../subscription.ts'
import type { PhaseDiscount } from './phase-discounts.ts'
import { usableDiscounts } from './phase-discounts.ts'
import { enterDuePhase } from './phases.ts'
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
  if (periodEnd(before) <= now) {
    runSubscriptionDue(ctx, before.id)
    return
  }
  const after = enterDuePhase(ctx, before)
  if (after === null) {
    cancelSubscription(ctx, before, { asScheduled: true })
    return
  }
  const phase = schedule.phases.find((one) => one.start_date === now)
  if (phase !== undefined && phase.proration_behavior !== 'none') {
    prorate(ctx, before, { changes: itemChanges(before, after.items.data), at: now })
  }
  ctx.emit('customer.subscription.updated', after, changesBetween(before, after))
}

/** Creates the subscription of a schedule whose first phase begins. */
export function startSchedule(ctx: Context, id: string): void {
  const schedule = requireSchedule(ctx, id)
  const [phase] = schedule.phases
  if (phase === undefined) throw new Error(`${id} has no phase`)
  const customer = requireCustomer(ctx, schedule.customer)
  const canPay = defaultMethodOf(customer) !== null
  const ofCustomer = customer.discount ? [customer.discount.id] : []
  const usable = (discounts: readonly PhaseDiscount[]) =>
    usableDiscounts(ctx, discounts, { customer, currency: phase.currency, reusable: ofCustomer })
  const { subscription } = createSubscription(ctx, {
    customer,
    items: phase.items.map((item) => ({
      price: requirePrice(ctx, item.price),
      quantity: item.quantity ?? 1,
      metadata: item.metadata ?? {},
      discounts: usable(item.discounts),
    })),
    discounts: usable(phase.discounts),
    trialEnd: null,
    anchor: null,
    prorate: true,
    // There is no request to reject: without a payment method the invoice stays open.
    paymentBehavior: canPay ? 'allow_incomplete' : 'default_incomplete',
    cancelAt: null,
    fields: { schedule: id, metadata: phase.metadata ?? {} },
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
