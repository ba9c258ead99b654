import { createHash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { assertSameAccount, idempotencyKey, syncCustomer } from '../../stripe/index.ts'
import type { Payer } from './customer-store.ts'
import { bindCustomer, noteDetails, readPayer } from './customer-store.ts'

/** A person waits for these; for the last, a program does that has come for something else. */
const QUICK = { timeout: 10_000, maxNetworkRetries: 1 } as const
const ASIDE = { timeout: 3_000, maxNetworkRetries: 0 } as const

/**
 * The user's Stripe customer, made and bound now if there is none, or none any more: before checkout, so that
 * whatever Stripe says later names a customer of ours. Safe to repeat after a crash: the same user and data make
 * the same customer. Tells Stripe of a new e-mail address or name.
 */
export async function ensureCustomer(ctx: Context, payer: Payer): Promise<string> {
  await assertSameAccount(ctx)
  const found = await findCustomer(ctx, payer)
  if (found !== null) return found
  if (payer.customerId !== null) {
    // Its subscriptions ended with it; after this they are nobody's to look at.
    await syncCustomer(ctx, { customerId: payer.customerId })
    const { userId, customerId } = payer
    ctx.log.warn({ userId, customerId }, 'a customer was deleted at Stripe; the user gets another')
  }
  return createCustomer(ctx, payer)
}

/** The user's Stripe customer, told of a new e-mail address or name; null where there is none, or none any more. */
export async function findCustomer(ctx: Context, payer: Payer): Promise<string | null> {
  const { customerId } = payer
  if (customerId === null) return null
  const customer = await ctx.stripe.call((stripe) =>
    stripe.customers.retrieve(customerId, {}, QUICK),
  )
  if (customer.deleted) return null
  await tellDetails(ctx, payer, QUICK)
  return customerId
}

/**
 * Tells Stripe of a user's new e-mail address or name, where they are a customer and these are new. Never throws:
 * the next checkout or visit to the portal tells it as well.
 */
export async function passOnDetails(ctx: Context, { userId }: { userId: string }): Promise<void> {
  try {
    await tellDetails(ctx, await readPayer(ctx, userId), ASIDE)
  } catch (error) {
    ctx.log.warn({ err: error, userId }, 'Stripe was not told of a new e-mail address or name')
  }
}

async function createCustomer(ctx: Context, payer: Payer): Promise<string> {
  const { userId, customerId: former } = payer
  const details = { ...detailsOf(payer), metadata: { userId } }
  // Stripe refuses a key that comes back with other data: whoever changes their address gets another key.
  const words = [digestOf(details), ...(former === null ? [] : ['after', former])]
  const once = { ...QUICK, idempotencyKey: idempotencyKey('customer', userId, ...words) }
  const customer = await ctx.stripe.call((stripe) => stripe.customers.create(details, once))
  const next = { customerId: customer.id, details: digestOf(detailsOf(payer)) }
  return bindCustomer(ctx, payer, next)
}

/** Only what is new here: the payer may have changed it at Stripe meanwhile, and is not to be corrected. */
async function tellDetails(
  ctx: Context,
  payer: Payer,
  how: { timeout: number; maxNetworkRetries: number },
): Promise<void> {
  const { customerId, userId } = payer
  const details = detailsOf(payer)
  const digest = digestOf(details)
  if (customerId === null || payer.toldDetails === digest) return
  await ctx.stripe.call((stripe) => stripe.customers.update(customerId, details, how))
  await noteDetails(ctx, userId, digest)
}

function detailsOf({ email, name }: Payer): { email: string; name?: string } {
  return { email, ...(name !== null && { name }) }
}

function digestOf(details: object): string {
  return createHash('sha256').update(JSON.stringify(details)).digest('hex').slice(0, 16)
}
