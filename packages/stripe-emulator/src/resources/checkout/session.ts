import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch } from '../../core/errors.ts'
import type { Due } from '../../core/store/table.ts'
import { MAIN_TIMELINE } from '../../core/store/table.ts'
import type { CheckoutOrder, CheckoutSession } from '../../documents.ts'

/** A Checkout session. Throws 404. */
export function requireSession(ctx: Context, id: string): CheckoutSession {
  const session = ctx.store.get('checkout_sessions', id)
  if (session === undefined) throw noSuch('checkout.session', id)
  return session
}

/** A session in which one can still pay. Throws 404, or 400 for one that is over. */
export function openSession(ctx: Context, id: string): CheckoutSession {
  const session = requireSession(ctx, id)
  if (session.status === 'open') return session
  throw invalidRequest(`This Checkout Session is ${session.status ?? 'over'}.`)
}

/** The order of a session: what it sells. */
export function requireOrder(ctx: Context, id: string): CheckoutOrder {
  const order = ctx.store.get('checkout_orders', id)
  if (order === undefined) throw new Error(`session ${id} has no order`)
  return order
}

/**
 * Whether the page asks for the billing address: where the session requires it, and where automatic tax needs it and
 * the customer has none that the page may not replace.
 */
export function asksBillingAddress(ctx: Context, session: CheckoutSession): boolean {
  if (session.billing_address_collection === 'required') return true
  if (!session.automatic_tax.enabled || session.shipping_address_collection !== null) return false
  return (
    session.customer === null || requireOrder(ctx, session.id).customerUpdate?.address === 'auto'
  )
}

/** When an open session expires. */
export function sessionDue(session: CheckoutSession): Due | null {
  return session.status === 'open' ? { at: session.expires_at, timeline: MAIN_TIMELINE } : null
}

/** The URL that the browser goes to after the payment; null: it stays on the page. */
export function completionUrl(session: CheckoutSession): string | null {
  if (session.ui_mode === 'embedded_page') {
    return session.redirect_on_completion === 'always' ? withId(session, session.return_url) : null
  }
  return withId(session, session.success_url)
}

/** The URL that the browser goes to when the buyer goes back; null: none. */
export function cancelUrl(session: CheckoutSession): string | null {
  return withId(session, session.cancel_url)
}

function withId({ id }: CheckoutSession, url: string | null | undefined): string | null {
  return url?.replaceAll('{CHECKOUT_SESSION_ID}', id) ?? null
}
