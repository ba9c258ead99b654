import type { Context } from '../../../core/context.ts'
import { StripeError } from '../../../core/errors.ts'
import type { Customer, Subscription } from '../../../documents.ts'
import { requireCustomer } from '../../customers/customer.ts'
import type { Phase } from '../../subscriptions/schedules/schedule.ts'
import { itemFields } from '../../subscriptions/subscription.ts'
import type { DiscountParam } from '../redeem/discount-params.ts'
import { eligibleDiscounts } from '../redeem/eligibility.ts'
import { discountSubscription, itemDiscounts, reusableOn } from './subscription.ts'

/** The discounts of a phase or of its item, as a schedule shows them. */
export type PhaseDiscount = Phase['discounts'][number]

/** The discounts of a request, as a schedule shows them. */
export function phaseDiscounts(
  params: readonly DiscountParam[] | null | undefined,
): PhaseDiscount[] {
  return (params ?? []).map(({ coupon, discount, promotion_code }) => ({
    coupon: coupon ?? null,
    discount: discount ?? null,
    promotion_code: promotion_code ?? null,
  }))
}

/** The request that discounts of a phase stand for. */
export function namedDiscounts(discounts: readonly PhaseDiscount[]): DiscountParam[] {
  return discounts.map(({ coupon, discount, promotion_code: code }) => ({
    ...(coupon === null ? {} : { coupon }),
    ...(discount === null ? {} : { discount }),
    ...(code === null ? {} : { promotion_code: code }),
  }))
}

/** All discounts of a phase: its own, and those of each of its items. */
export function discountsOf(phase: Phase): PhaseDiscount[][] {
  return [phase.discounts, ...phase.items.map((item) => item.discounts)]
}

/** Existing discounts, as a schedule shows them. */
export function existingDiscounts(ids: readonly string[]): PhaseDiscount[] {
  return ids.map((discount) => ({ coupon: null, discount, promotion_code: null }))
}

/**
 * The requests that the discounts of a phase stand for. A coupon that the subscription has been given already goes on
 * as the discount that it is, so that sending the phases of a schedule again redeems nothing again.
 */
function continued(
  ctx: Context,
  discounts: readonly PhaseDiscount[],
  existing: readonly string[],
): DiscountParam[] {
  const present = existing
    .flatMap((id) => ctx.store.get('discounts', id) ?? [])
    .filter(({ subscription }) => subscription !== null)
  return discounts.map(({ coupon, discount, promotion_code: code }) => {
    const same = present.find(
      (one) => one.promotion_code === code && (code !== null || one.source.coupon === coupon),
    )
    const names = [coupon, discount, code].filter((name) => name !== null)
    if (discount !== null && names.length === 1) return { discount }
    if (same !== undefined && names.length === 1) return { discount: same.id }
    return {
      ...(coupon === null ? {} : { coupon }),
      ...(discount === null ? {} : { discount }),
      ...(code === null ? {} : { promotion_code: code }),
    }
  })
}

/** Throws Stripe's 400 for a discount of a phase that could not be redeemed now. */
export function checkPhaseDiscounts(
  ctx: Context,
  schedule: { customer: string; subscription: string | null },
  phases: readonly Phase[],
): void {
  const customer = requireCustomer(ctx, schedule.customer)
  const subscription = ctx.store.get('subscriptions', schedule.subscription ?? '')
  const ofCustomer = customer.discount ? [customer.discount.id] : []
  const reusable = subscription === undefined ? ofCustomer : reusableOn(subscription, customer)
  const check = (discounts: readonly PhaseDiscount[], param: string, currency: string) =>
    eligibleDiscounts(ctx, continued(ctx, discounts, reusable), {
      param,
      customer,
      currency,
      amount: Number.POSITIVE_INFINITY,
      reusable,
    })
  for (const [index, phase] of phases.entries()) {
    const at = `phases[${index}]`
    check(phase.discounts, `${at}[discounts]`, phase.currency)
    for (const [position, item] of phase.items.entries()) {
      check(item.discounts, `${at}[items][${position}][discounts]`, phase.currency)
    }
  }
}

/**
 * Gives a subscription the discounts of a phase that begins. A phase without discounts takes those of the subscription
 * off: then the customer's discount applies (docs/stripe.md, fact 39).
 */
export function enterPhaseDiscounts(
  ctx: Context,
  subscription: Subscription,
  phase: Phase,
): Subscription {
  const customer = requireCustomer(ctx, subscription.customer)
  const reusable = reusableOn(subscription, customer)
  const wanted = (discounts: readonly PhaseDiscount[]) => {
    const { currency } = subscription
    const usable = usableDiscounts(ctx, discounts, { customer, reusable, currency })
    return usable.length === 0 ? null : usable
  }
  const about = { param: 'discounts', amount: Number.POSITIVE_INFINITY }
  const discounts = wanted(phase.discounts)
  const discounted = discountSubscription(ctx, subscription, { discounts, ...about })
  const items = discounted.items.data.map((item, index) => {
    const ofItem = wanted(phase.items[index]?.discounts ?? [])
    const change = { ...about, discounts: ofItem, subscription }
    return { ...item, discounts: itemDiscounts(ctx, item, change) }
  })
  return ctx.patch('subscriptions', subscription.id, itemFields(subscription.id, items))
}

/**
 * The discounts of a phase that can be redeemed when it begins. There is no request to reject then, so a coupon that
 * was deleted or used up in the meantime is left out.
 */
export function usableDiscounts(
  ctx: Context,
  discounts: readonly PhaseDiscount[],
  about: { customer: Customer; currency: string; reusable: readonly string[] },
): DiscountParam[] {
  const { customer, currency, reusable } = about
  return continued(ctx, discounts, reusable).filter((param) => {
    try {
      const amount = Number.POSITIVE_INFINITY
      eligibleDiscounts(ctx, [param], { param: '', customer, currency, amount, reusable })
      return true
    } catch (error) {
      if (error instanceof StripeError) return false
      throw error
    }
  })
}

/** Notes which phases have an empty `discounts`: the customer's discount does not apply in them. */
export function notePhasesWithoutDiscounts(
  ctx: Context,
  schedule: string,
  { phases, params }: { phases: readonly Phase[]; params: readonly { discounts?: unknown }[] },
): void {
  for (const [index, { start_date }] of phases.entries()) {
    const id = `${schedule}/${start_date}`
    const isNoted = ctx.store.get('undiscounted_phases', id) !== undefined
    if (params[index]?.discounts === null) ctx.store.put('undiscounted_phases', { id, schedule })
    else if (isNoted) ctx.store.remove('undiscounted_phases', id)
  }
}
