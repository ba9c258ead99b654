import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import { updateSubscription } from '../subscriptions/change/update.ts'
import { forbid, ownSubscription } from './actions.ts'
import type { Portal } from './session.ts'
import { quantityBounds, switchablePrices } from './session.ts'

/** A change of plan: to another price, or to another quantity. */
export interface PlanChange {
  subscription: string
  price?: string | undefined
  quantity?: number | undefined
}

/**
 * Changes the plan now, prorated as the configuration says. A trial ends, unless the configuration continues it.
 * Throws 400 for what is not offered, and 402 for a declined card, without an effect.
 */
export function switchInPortal(ctx: Context, portal: Portal, change: PlanChange): void {
  const subscription = ownSubscription(ctx, portal, change.subscription)
  const [item] = subscription.items.data
  if (item === undefined || !isOffered(ctx, portal, change)) forbid()
  const update = portal.configuration.features.subscription_update
  const endsTrial =
    subscription.status === 'trialing' && update.trial_update_behavior !== 'continue_trial'
  updateSubscription(ctx, subscription, {
    items: [
      {
        id: item.id,
        ...(change.price === undefined ? {} : { price: change.price }),
        ...(change.quantity === undefined ? {} : { quantity: change.quantity }),
      },
    ],
    proration_behavior: prorationOf(update.proration_behavior),
    payment_behavior: 'error_if_incomplete',
    ...(update.billing_cycle_anchor === 'now' ? { billing_cycle_anchor: { type: 'now' } } : {}),
    ...(endsTrial ? { trial_end: 'now' } : {}),
    ...(subscription.cancel_at === null ? {} : { cancel_at: null }),
  })
}

/** A flow that was checked when its session was made allows its own change. */
function isOffered(ctx: Context, portal: Portal, change: PlanChange): boolean {
  const { subscription: id, price, quantity } = change
  const subscription = ownSubscription(ctx, portal, id)
  const confirm = portal.session.flow?.subscription_update_confirm
  const [item] = confirm?.items ?? []
  if (confirm?.subscription === id && item?.price === price && item?.quantity === quantity) {
    return true
  }
  if (price !== undefined) {
    return switchablePrices(ctx, portal, subscription).some((offered) => offered.id === price)
  }
  const bounds = quantityBounds(portal, subscription)
  if (bounds === null || quantity === undefined) return false
  const { minimum, maximum } = bounds
  const most = maximum ?? Number.MAX_SAFE_INTEGER
  if (Number.isSafeInteger(quantity) && quantity >= minimum && quantity <= most) return true
  throw invalidRequest(
    `Choose a quantity from ${minimum}${maximum === null ? '' : ` to ${maximum}`}.`,
  )
}

function prorationOf(wanted: string): 'always_invoice' | 'create_prorations' | 'none' {
  return wanted === 'always_invoice' || wanted === 'create_prorations' ? wanted : 'none'
}
