import type { Context } from '../../../core/context.ts'
import type { Subscription, SubscriptionItem } from '../../../documents.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { discountSubscription } from '../../discounts/of/subscription.ts'
import { changesBetween } from '../../events/changes.ts'
import {
  scheduleCollectionResume,
  scheduleRenewalNotice,
  scheduleTrialEndNotice,
} from '../../events/reminders.ts'
import { subscriptionTaxes } from '../../tax/requests/subscription-taxes.ts'
import { noScheduledEnd, scheduledEnd } from '../cancel.ts'
import { addInvoiceItems, readAddedItems } from '../items/added-items.ts'
import { changedItems } from '../items/subscription-item-params.ts'
import { endTrialUnpaid } from '../renew.ts'
import type { SubscriptionUpdate } from '../requests/subscription-params.ts'
import { itemFields, periodEnd } from '../subscription.ts'
import { billChange } from './bill-change.ts'
import { changedFields } from './changed-fields.ts'
import { cutItems, endFor } from './cut-items.ts'
import { planChange } from './plan-change.ts'
import { requireAllowedUpdate } from './refusals.ts'

/**
 * Updates a subscription: plain fields, scheduled cancellation, items. The cost of a change of items is
 * invoiced, left pending or ignored by `proration_behavior`; a failed payment is handled by
 * `payment_behavior`. Sends one `customer.subscription.updated`. Throws 400, or 402 with `error_if_incomplete`.
 */
export function updateSubscription(
  ctx: Context,
  before: Subscription,
  params: SubscriptionUpdate,
): Subscription {
  requireAllowedUpdate(ctx, before, params)
  const customer = requireCustomer(ctx, before.customer)
  const patched = ctx.patch('subscriptions', before.id, {
    ...changedFields(ctx, before, params),
    ...subscriptionTaxes(ctx, params, { customer, before }),
  })
  const { discounts } = params
  const plain = discountSubscription(ctx, patched, { discounts, param: 'discounts', amount: null })
  const added = readAddedItems(ctx, params.add_invoice_items ?? [])
  const stopped = params.trial_end === 'now' ? endTrialUnpaid(ctx, plain) : null
  if (stopped !== null) {
    scheduleTrialEndNotice(ctx, stopped)
    return stopped
  }
  const changed = changeItems(ctx, plain, params)
  addInvoiceItems(ctx, plain, added)
  const plan = planChange(ctx, plain, { items: changed, params })
  const billed =
    plan === null
      ? plain
      : billChange(ctx, plain, {
          plan,
          changed: { ...plan.fields, ...itemFields(plain.id, plan.items) },
          paymentBehavior: params.payment_behavior ?? 'allow_incomplete',
        })
  const after = ctx.patch('subscriptions', before.id, scheduledEndFields(ctx, billed, params))
  const previous = changesBetween(before, after)
  if (Object.keys(previous).length > 0) ctx.emit('customer.subscription.updated', after, previous)
  if (after.trial_end !== before.trial_end) scheduleTrialEndNotice(ctx, after)
  if (params.pause_collection !== undefined) scheduleCollectionResume(ctx, after)
  if (periodEnd(after) !== periodEnd(before)) scheduleRenewalNotice(ctx, after)
  return after
}

/** The items after the update, cut or prolonged by another scheduled end. */
function changeItems(
  ctx: Context,
  plain: Subscription,
  params: SubscriptionUpdate,
): SubscriptionItem[] {
  const items =
    params.items === undefined ? plain.items.data : changedItems(ctx, plain, params.items)
  const end = endFor(plain, params)
  return end === undefined
    ? items
    : cutItems(ctx, { ...plain, ...itemFields(plain.id, items) }, end)
}

function scheduledEndFields(
  ctx: Context,
  after: Subscription,
  params: SubscriptionUpdate,
): Partial<Subscription> {
  const end = endFor(after, params)
  if (end === undefined) return {}
  if (end !== null) return scheduledEnd(ctx, after, end)
  return after.cancel_at === null ? {} : noScheduledEnd()
}
