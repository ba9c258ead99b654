import type { Context } from '../../../core/context.ts'
import type { Subscription, SubscriptionItem, SubscriptionSchedule } from '../../../documents.ts'
import { enterPhaseDiscounts } from '../../discounts/of/phase.ts'
import { changesBetween } from '../../events/changes.ts'
import { scheduleRenewalNotice, scheduleTrialEndNotice } from '../../events/reminders.ts'
import { taxesOfPhase } from '../../tax/requests/schedule-taxes.ts'
import { billChange } from '../change/bill-change.ts'
import { changedFields } from '../change/changed-fields.ts'
import { planChange } from '../change/plan-change.ts'
import { addInvoiceItems } from '../items/added-items.ts'
import { joiningPeriod, ofPeriod, runningPeriod } from '../items/periods.ts'
import type { SubscriptionUpdate } from '../requests/subscription-params.ts'
import { itemFields } from '../subscription.ts'
import { addedItemsOfPhase, itemsOfPhase, movesAnchor, settingsOfPhase } from './phase-update.ts'
import type { Phase } from './schedule.ts'

/** A phase to apply within a period, and how its change is prorated. */
export interface Application {
  schedule: SubscriptionSchedule
  phase: Phase
  proration: NonNullable<SubscriptionUpdate['proration_behavior']>
  /** Whether the phase begins now; otherwise the running phase was changed. */
  begins: boolean
  /** Whether the running phase has other discounts now. */
  changesDiscounts?: boolean
}

/** Gives a subscription what a phase says, in the middle of its period, as an update would. */
export function applyPhase(
  ctx: Context,
  before: Subscription,
  application: Application,
): Subscription {
  const { begins, phase, proration, schedule } = application
  const settled = ctx.patch('subscriptions', before.id, {
    ...changedFields(ctx, before, settingsOfPhase(schedule, phase)),
    ...taxesOfPhase(schedule, phase),
  })
  const hasOthers = begins || application.changesDiscounts === true
  const plain = hasOthers ? enterPhaseDiscounts(ctx, settled, phase) : settled
  const now = ctx.timeOf(before.test_clock)
  const place = (item: SubscriptionItem, isNew: boolean) => {
    const period = isNew ? joiningPeriod : runningPeriod
    return { ...item, ...ofPeriod(period(plain, item.price, now)) }
  }
  const items = itemsOfPhase(ctx, plain, { phase, place })
  if (begins) addInvoiceItems(ctx, plain, addedItemsOfPhase(ctx, phase))
  // The anchor moves only when a phase is entered (JSDoc of `billing_cycle_anchor`).
  const asked = phase.billing_cycle_anchor ?? schedule.default_settings.billing_cycle_anchor
  const moves = begins && movesAnchor(plain, items, asked)
  const plan = planChange(ctx, plain, {
    items,
    params: {
      proration_behavior: proration,
      ...trialChange(plain, phase, now),
      ...(moves ? { billing_cycle_anchor: { type: 'now' } } : {}),
    },
  })
  const after =
    plan === null
      ? plain
      : billChange(ctx, plain, {
          plan,
          changed: { ...plan.fields, ...itemFields(plain.id, plan.items) },
          paymentBehavior: 'allow_incomplete',
        })
  announce(ctx, before, after)
  return after
}

/** A trial lasts as long as the phase says; without a word of it, it ends. */
function trialChange(
  subscription: Subscription,
  phase: Phase,
  now: number,
): Pick<SubscriptionUpdate, 'trial_end'> {
  const end = phase.trial_end
  if (end !== null && end > now) return end === subscription.trial_end ? {} : { trial_end: end }
  return subscription.status === 'trialing' ? { trial_end: 'now' } : {}
}

function announce(ctx: Context, before: Subscription, after: Subscription): void {
  const previous = changesBetween(before, after)
  if (Object.keys(previous).length === 0) return
  ctx.emit('customer.subscription.updated', after, previous)
  if (after.trial_end !== before.trial_end) scheduleTrialEndNotice(ctx, after)
  scheduleRenewalNotice(ctx, after)
}
