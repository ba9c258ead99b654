import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import { checkoutSessionId, longId, token } from '../../core/ids.ts'
import type { CheckoutSession } from '../../documents.ts'
import { withTotals } from './order/totals.ts'
import { requireOrder, requireSession } from './session.ts'

const DAY = 86_400
/** How long an expired session can be recovered. */
const RECOVERY_DAYS = 30

/** Expires an open session. Throws 400 for any other. */
export function expireSession(ctx: Context, id: string): CheckoutSession {
  const session = requireSession(ctx, id)
  if (session.status !== 'open') {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status ?? ''}\`.`,
    )
  }
  const expired = ctx.patch('checkout_sessions', id, {
    after_expiration: withRecoveryUrl(ctx, session),
    status: 'expired',
    url: null,
  })
  ctx.emit('checkout.session.expired', expired)
  return expired
}

function withRecoveryUrl(
  ctx: Context,
  { id, after_expiration: after }: CheckoutSession,
): CheckoutSession['after_expiration'] {
  if (!after?.recovery?.enabled) return after
  const url = `${ctx.settings.baseUrl}/c/recover/${id}/${token(24)}`
  return { recovery: { ...after.recovery, expires_at: ctx.now + RECOVERY_DAYS * DAY, url } }
}

/**
 * Opens a new session that is a copy of an expired one, for the buyer who follows its recovery URL. Each visit opens
 * one. Throws 400 where that URL has expired or is not of this session.
 */
export function recoverSession(ctx: Context, id: string, url: string): CheckoutSession {
  const expired = requireSession(ctx, id)
  const recovery = expired.after_expiration?.recovery
  if (recovery?.url !== url || ctx.now >= (recovery.expires_at ?? 0)) {
    throw invalidRequest('This link has expired.')
  }
  const copy = checkoutSessionId()
  const { items } = requireOrder(ctx, id)
  ctx.store.put('checkout_orders', {
    ...requireOrder(ctx, id),
    id: copy,
    items: items.map((item) => ({ ...item, id: longId('li') })),
    pendingPaymentMethod: null,
  })
  ctx.store.put('checkout_sessions', {
    ...expired,
    id: copy,
    after_expiration: { recovery: { ...recovery, expires_at: null, url: null } },
    allow_promotion_codes: recovery.allow_promotion_codes,
    created: ctx.now,
    // The buyer types the code again.
    ...(expired.allow_promotion_codes === true ? { discounts: [] } : {}),
    expires_at: ctx.now + DAY,
    recovered_from: id,
    status: 'open',
    url: `${ctx.settings.baseUrl}/c/pay/${copy}`,
  })
  return withTotals(ctx, copy)
}
