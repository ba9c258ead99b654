import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { longId } from '../../../core/ids.ts'
import type { CheckoutOrderItem, CheckoutSession } from '../../../documents.ts'
import { requireLeastAmount } from '../checks/least-amount.ts'
import { openSession, requireOrder } from '../session.ts'
import { withTotals } from './totals.ts'

/**
 * Changes the quantity of an item, within the bounds that the session sets. 0 removes it. Throws 400 for another
 * quantity, and for the removal of the only item.
 */
export function changeQuantity(
  ctx: Context,
  sessionId: string,
  change: { item: string; quantity: number },
): CheckoutSession {
  openSession(ctx, sessionId)
  const { items } = requireOrder(ctx, sessionId)
  const item = items.find(({ id }) => id === change.item)
  const bounds = item?.adjustable
  if (item === undefined || !bounds?.enabled) {
    throw invalidRequest('The quantity of this item cannot be changed.')
  }
  const { quantity } = change
  const { minimum, maximum } = bounds
  const isWithin = quantity >= (minimum ?? 0) && quantity <= (maximum ?? 99)
  const isRemoval = quantity === 0 && (isWithin || item.optional !== undefined)
  if (!Number.isSafeInteger(quantity) || !(isWithin || isRemoval)) {
    throw invalidRequest(`Choose a quantity from ${minimum ?? 0} to ${maximum ?? 99}.`)
  }
  const rest = items.filter((one) => one !== item)
  if (isRemoval && rest.length === 0) {
    throw invalidRequest('The only item of an order cannot be removed.')
  }
  return withItems(
    ctx,
    sessionId,
    isRemoval ? rest : items.map((one) => (one === item ? { ...one, quantity } : one)),
  )
}

/** Adds an optional item to the order. A repeat changes nothing. */
export function addOptionalItem(ctx: Context, sessionId: string, index: number): CheckoutSession {
  const session = openSession(ctx, sessionId)
  const offered = session.optional_items?.[index]
  const { items } = requireOrder(ctx, sessionId)
  if (offered === undefined) throw invalidRequest('This item is not offered.')
  if (items.some(({ optional }) => optional === index)) return session
  const { adjustable_quantity: adjustable, price, quantity } = offered
  const added = { id: longId('li'), price, quantity, adjustable, metadata: {}, optional: index }
  return withItems(ctx, sessionId, [...items, added])
}

/** Removes an optional item from the order. A repeat changes nothing. */
export function removeOptionalItem(
  ctx: Context,
  sessionId: string,
  index: number,
): CheckoutSession {
  openSession(ctx, sessionId)
  const { items } = requireOrder(ctx, sessionId)
  const rest = items.filter(({ optional }) => optional !== index)
  return withItems(ctx, sessionId, rest)
}

function withItems(ctx: Context, sessionId: string, items: CheckoutOrderItem[]): CheckoutSession {
  ctx.patch('checkout_orders', sessionId, { items })
  const session = withTotals(ctx, sessionId)
  requireLeastAmount(session)
  return session
}
