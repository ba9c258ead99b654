import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import { isEnded } from '../subscriptions/subscription.ts'

/**
 * Throws 400 where something of a customer that lasts is in another currency: a subscription that has not ended, a
 * schedule that has not, or a pending invoice item (docs/stripe.md, fact 24).
 */
export function requireOneCurrency(ctx: Context, customer: string, currency: string): void {
  const other = lastingCurrencies(ctx, customer).find((one) => one !== currency)
  if (other === undefined) return
  throw invalidRequest(
    `You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, discount, quote, or invoice item with currency ${other}.`,
  )
}

/** The currencies of what lasts. */
function lastingCurrencies(ctx: Context, customer: string): string[] {
  const subscriptions = ctx.store
    .find('subscriptions', { index: 'customer', key: customer })
    .filter((subscription) => !isEnded(subscription))
  const phases = ctx.store
    .newest('subscription_schedules')
    .filter((one) => one.customer === customer)
    .filter(({ status }) => status === 'active' || status === 'not_started')
    .flatMap((schedule) => schedule.phases)
  const items = ctx.store.find('invoice_items', { index: 'pending', key: customer })
  return [...subscriptions, ...phases, ...items].map((one) => one.currency)
}
