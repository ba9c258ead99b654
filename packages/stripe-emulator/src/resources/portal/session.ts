import type { Context } from '../../core/context.ts'
import { noSuch } from '../../core/errors.ts'
import type {
  Customer,
  PortalConfiguration,
  PortalSession,
  Price,
  Subscription,
} from '../../documents.ts'
import { hasCurrency, priceAmount } from '../catalog/amount.ts'
import { requireCustomer } from '../customers/customer.ts'
import { isEnded } from '../subscriptions/subscription.ts'
import { requireConfiguration } from './configuration.ts'

/** A portal session with its configuration and customer. */
export interface Portal {
  session: PortalSession
  configuration: PortalConfiguration
  customer: Customer
}

/** The portal of a page path. Throws 404. */
export function requirePortal(ctx: Context, path: string): Portal {
  const [session] = ctx.store.find('portal_sessions', { index: 'path', key: path })
  if (session === undefined) throw noSuch('billing_portal.session', path)
  return {
    session,
    configuration: requireConfiguration(ctx, session.configuration),
    customer: requireCustomer(ctx, session.customer),
  }
}

/** The subscriptions of the customer that have not ended, newest first. */
export function portalSubscriptions(ctx: Context, portal: Portal): Subscription[] {
  return ctx.store
    .find('subscriptions', { index: 'customer', key: portal.customer.id })
    .filter((subscription) => !isEnded(subscription))
}

/**
 * The prices that a subscription can be switched to: those of the configuration. Where it names none, every
 * active recurring price of the currency (Stripe would offer none).
 */
export function switchablePrices(
  ctx: Context,
  portal: Portal,
  subscription: Subscription,
): Price[] {
  const { subscription_update: update } = portal.configuration.features
  const listed = (update.products ?? []).flatMap((product) => product.prices)
  const { currency } = subscription
  const amountOf = (price: Price) => priceAmount(ctx, price, { quantity: 1, currency })
  const current = new Set(subscription.items.data.map((item) => item.price.id))
  return ctx.store
    .newest('prices')
    .filter(
      (price) =>
        price.active &&
        price.recurring !== null &&
        hasCurrency(ctx, price, currency) &&
        !current.has(price.id) &&
        (listed.length === 0 || listed.includes(price.id)),
    )
    .toArray()
    .sort((a, b) => amountOf(a) - amountOf(b))
}
