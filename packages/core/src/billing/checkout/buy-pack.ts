import type { AnyCatalog, PackOf } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { MAX_LIVE_GRANTS } from '../../credits/index.ts'
import type { Lease } from '../../database/index.ts'
import { invalid, TollgateError } from '../../errors.ts'
import type { PackOrder } from '../../packs/index.ts'
import { countLiveGrants, orderOf, writePacksOpened } from '../../packs/index.ts'
import { findPackPrice, isSoldIn, packPriceRefusal } from '../../stripe/index.ts'
import { readCurrent } from '../../subscriptions/index.ts'
import { beginAttempt, confirmLease } from '../payer/attempt-store.ts'
import { ensureCustomer } from '../payer/customer.ts'
import { readPayer } from '../payer/payer-store.ts'
import { withPayerLease } from '../payer/with-payer-lease.ts'
import type { PackTerms } from './pack-session.ts'
import { createPackSession, listOpenPackSessions, sells } from './pack-session.ts'
import type { OpenSession } from './session.ts'
import { expireSession } from './session.ts'

export interface BuyPackInput<K extends string = string> {
  userId: string
  pack: K
  /** From 1, which it is where it is left out, to 1 000. */
  quantity?: number | undefined
  /** Where Stripe's page sends the payer back to; the app's own /billing where they are left out. */
  successUrl?: string | undefined
  cancelUrl?: string | undefined
}

/**
 * Opens Stripe's checkout page for a pack of credits; nobody needs a subscription for it. Once it is paid, however one
 * hears of that, there is one grant of the pack's amount times the quantity, as the pack is now. However often it is
 * called, also at once and in several processes, a user has one open session for a pack: the same quantity at the same
 * price returns that session, any other expires it first. In the currency of the user's subscription where there is
 * one. Throws USER_NOT_FOUND, NOT_FOUND for an unknown pack, VALIDATION for a quantity or currency in which it is not
 * sold and where the user has 100 live grants of the meter, STRIPE_REJECTED, STRIPE_UNAVAILABLE, UNAVAILABLE.
 */
export async function buyPack<C extends AnyCatalog>(
  ctx: Context<C>,
  input: BuyPackInput<PackOf<C>>,
): Promise<{ sessionId: string; url: string }> {
  const { pack, quantity = 1 } = input
  const order = orderOf(ctx.catalog, { pack, quantity })
  const { sessionId, url } = await withPayerLease(ctx, input.userId, (lease) =>
    openSession(ctx, lease, { ...input, order }),
  )
  return { sessionId, url }
}

type Asked = BuyPackInput & { order: PackOrder }

async function openSession(ctx: Context, lease: Lease, input: Asked): Promise<OpenSession> {
  const { userId, pack, order } = input
  const payer = await readPayer(ctx.db.pool, userId)
  await requireRoom(ctx, input)
  const terms = await termsOf(ctx, input)
  const customerId = await ensureCustomer(ctx, payer)
  const open = await listOpenPackSessions(ctx, { customerId, pack: order.pack })
  const same = open.find((session) => sells(session, terms))
  for (const session of open) if (session !== same) await expireSession(ctx, session.sessionId)
  if (same) return same

  await writePacksOpened(ctx.db.pool, userId)
  const attempt = await beginAttempt(ctx.db.pool, lease, userId)
  const session = await createPackSession(ctx, { ...input, customerId, terms, attempt })
  try {
    await confirmLease(ctx.db.pool, lease)
  } catch (error) {
    // Another request may have opened another session meanwhile.
    ctx.log.warn({ userId, pack }, 'a checkout of a pack was overtaken')
    await expireSession(ctx, session.sessionId)
    throw error
  }
  return session
}

async function requireRoom(ctx: Context, { userId, order: { meter } }: Asked): Promise<void> {
  const now = ctx.clock.now()
  const live = await countLiveGrants(ctx.db.pool, { userId, meter, now })
  if (live < MAX_LIVE_GRANTS) return
  throw invalid('pack', `there are ${live} grants of ${meter} to be used up first`)
}

/** The price as Stripe has it now, and the currency of the subscription: amounts of one customer do not mix. */
async function termsOf(ctx: Context, { userId, order }: Asked): Promise<PackTerms> {
  const price = await findPackPrice(ctx, order.pack)
  const refusal = price && packPriceRefusal(price)
  if (price === null || refusal !== null) {
    ctx.log.error(
      { pack: order.pack, price: price?.id, refusal },
      'a pack can’t be sold: push the plans',
    )
    throw new TollgateError('STRIPE_UNAVAILABLE', 'This pack can’t be bought at the moment.')
  }
  const currency = (await readCurrent(ctx.db.pool, userId))?.currency ?? null
  if (currency !== null && !isSoldIn(price, currency)) {
    throw invalid('pack', `is not sold in ${currency}, the currency of the subscription`)
  }
  return { order, priceId: price.id, currency }
}
