import { createHash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { assertSameAccount, writeOnce } from '../../stripe/index.ts'
import { syncCustomer } from '../../sync/index.ts'
import type { Payer } from './payer-store.ts'
import { bindCustomer, readPayer, writeSentDetails } from './payer-store.ts'

/** A person waits for these calls. */
const QUICK = { timeout: 10_000, maxNetworkRetries: 1 } as const
/** A program waits for these, and asked for something else. */
const IN_PASSING = { timeout: 3_000, maxNetworkRetries: 0 } as const

/**
 * The user's Stripe customer. Where there is none, or it was deleted at Stripe, one is created and bound: before
 * checkout, so that whatever Stripe sends later names a customer of ours. Safe to repeat after a crash: the same user
 * and data make the same customer. Sends a new e-mail address or name to Stripe.
 */
export async function ensureCustomer(ctx: Context, payer: Payer): Promise<string> {
  await assertSameAccount(ctx)
  const found = await findCustomer(ctx, payer)
  if (found !== null) return found
  if (payer.customerId !== null) {
    // Its subscriptions ended with it. The last sync, since the user gets another customer now.
    await syncCustomer(ctx, { customerId: payer.customerId })
    const { userId, customerId } = payer
    ctx.log.warn({ userId, customerId }, 'a customer was deleted at Stripe; the user gets another')
  }
  return createCustomer(ctx, payer)
}

/**
 * The user's Stripe customer, after a new e-mail address or name was sent to Stripe; null where there is none, or it was
 * deleted at Stripe.
 */
export async function findCustomer(ctx: Context, payer: Payer): Promise<string | null> {
  const { customerId } = payer
  if (customerId === null) return null
  const customer = await ctx.stripe.call((stripe) =>
    stripe.customers.retrieve(customerId, {}, QUICK),
  )
  if (customer.deleted) return null
  await sendDetails(ctx, payer, QUICK)
  return customerId
}

/**
 * Sends a user's e-mail address and name to Stripe, where they are a customer and these are new. Never throws: the
 * next checkout or visit to the portal sends them as well.
 */
export async function passOnDetails(ctx: Context, { userId }: { userId: string }): Promise<void> {
  try {
    await sendDetails(ctx, await readPayer(ctx.db.pool, userId), IN_PASSING)
  } catch (error) {
    ctx.log.warn({ err: error, userId }, 'a new e-mail address or name was not sent to Stripe')
  }
}

async function createCustomer(ctx: Context, payer: Payer): Promise<string> {
  const { userId, customerId: former } = payer
  const details = { ...detailsOf(payer), metadata: { userId } }
  const customerId = await writeOnce(ctx, {
    // Stripe refuses a key that comes again with other data, so the data is part of it.
    words: ['customer', userId, digestOf(details), ...(former === null ? [] : ['after', former])],
    find: () => findCreated(ctx, payer),
    async send(key) {
      const once = { ...QUICK, idempotencyKey: key }
      return (await ctx.stripe.call((stripe) => stripe.customers.create(details, once))).id
    },
  })
  const next = { customerId, details: digestOf(detailsOf(payer)) }
  return bindCustomer(ctx.db.pool, payer, { ...next, now: ctx.clock.now() })
}

/** A customer that was created for the user although the answer was a failure. From a list: a search lags behind. */
async function findCreated(ctx: Context, { userId, email }: Payer): Promise<string | null> {
  const { data } = await ctx.stripe.call((stripe) =>
    stripe.customers.list({ email, limit: 100 }, QUICK),
  )
  return data.find(({ metadata }) => metadata['userId'] === userId)?.id ?? null
}

/** Only what is new here: what the payer changed at Stripe meanwhile is not overwritten. */
async function sendDetails(
  ctx: Context,
  payer: Payer,
  how: { timeout: number; maxNetworkRetries: number },
): Promise<void> {
  const { customerId, userId } = payer
  const details = detailsOf(payer)
  const digest = digestOf(details)
  if (customerId === null || payer.sentDetails === digest) return
  await ctx.stripe.call((stripe) => stripe.customers.update(customerId, details, how))
  await writeSentDetails(ctx.db.pool, userId, digest)
}

function detailsOf({ email, name }: Payer): { email: string; name?: string } {
  return { email, ...(name !== null && { name }) }
}

function digestOf(details: object): string {
  return createHash('sha256').update(JSON.stringify(details)).digest('hex').slice(0, 16)
}
