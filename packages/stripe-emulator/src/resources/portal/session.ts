import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch } from '../../core/errors.ts'
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
import { requireConfiguration } from './configuration/configuration.ts'
import { openPortal } from './create-session.ts'

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

/** The configuration whose login page has this URL. Throws 404. */
export function requireLogin(ctx: Context, url: string): PortalConfiguration {
  const found = ctx.store
    .newest('portal_configurations')
    .find(({ login_page: page }) => page.enabled && page.url === url)
  if (found === undefined) throw noSuch('login page', url)
  return found
}

/**
 * Opens the portal for the newest customer with an e-mail address, from a login page. (Stripe sends them a link;
 * nothing is sent here.) Throws 400 where there is none.
 */
export function logIn(ctx: Context, url: string, email: string): PortalSession {
  const configuration = requireLogin(ctx, url)
  const customer = ctx.store
    .newest('customers')
    .find((one) => one.email?.toLowerCase() === email.toLowerCase())
  if (customer === undefined) throw invalidRequest('There is no customer with this address.')
  return openPortal(ctx, {
    configuration,
    customer: customer.id,
    flow: null,
    locale: null,
    return_url: configuration.default_return_url,
  })
}

/** The subscriptions of the customer that have not ended, newest first. */
export function portalSubscriptions(ctx: Context, portal: Portal): Subscription[] {
  return ctx.store
    .find('subscriptions', { index: 'customer', key: portal.customer.id })
    .filter((subscription) => !isEnded(subscription))
}

/** The prices that a subscription can be switched to: those of the configuration, cheapest first. */
export function switchablePrices(
  ctx: Context,
  portal: Portal,
  subscription: Subscription,
): Price[] {
  const { subscription_update: update } = portal.configuration.features
  if (!canUpdate(portal, subscription, 'price')) return []
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
        listed.includes(price.id),
    )
    .toArray()
    .sort((a, b) => amountOf(a) - amountOf(b))
}

function canUpdate(
  portal: Portal,
  subscription: Subscription,
  what: 'price' | 'quantity',
): boolean {
  const { enabled, default_allowed_updates: allowed } =
    portal.configuration.features.subscription_update
  return enabled && allowed.includes(what) && subscription.items.data.length === 1
}

/** The quantities that the customer may choose; null: the quantity cannot be changed. */
export function quantityBounds(
  portal: Portal,
  subscription: Subscription,
): { minimum: number; maximum: number | null } | null {
  if (!canUpdate(portal, subscription, 'quantity')) return null
  const [item] = subscription.items.data
  const { products } = portal.configuration.features.subscription_update
  const product = products?.find(({ product: id }) => id === item?.price.product)
  if (!product?.adjustable_quantity.enabled) return null
  const { minimum, maximum } = product.adjustable_quantity
  return { minimum, maximum }
}
