import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import type { StripeGateway } from '../gateway.ts'
import { isForbidden } from '../stripe-error.ts'
import type { Binding, StopReason, StripeAccount } from './account-store.ts'
import { readBinding, readPortal, updatePortal, writeBinding, writeStop } from './account-store.ts'

/** Why nothing is synced, and what to do. */
export interface StripeTrouble {
  code: StopReason
  message: string
}

/** A key belongs to one account for good, so a process asks once. */
const accounts = new WeakMap<StripeGateway, Promise<StripeAccount>>()

/**
 * Throws STRIPE_UNAVAILABLE while Stripe is not the world that this database was bound to: another account, the
 * other mode, or one that knows none of its customers. The first call binds. What is at Stripe then would be
 * written over rows of another world, so nothing is, and nothing is deleted.
 */
export async function assertSameAccount(ctx: Context): Promise<void> {
  const account = await accountOf(ctx)
  const binding = await bind(ctx, account)
  const reason = differs(binding, account) ?? keepsStopped(binding)
  if (reason !== binding.stoppedBecause) await noteStop(ctx, reason)
  if (reason === null) return
  throw stopped(reason)
}

/**
 * The same, for who finds out whether customers are known: it goes on where that is all that stopped the others.
 * A dry run binds and notes nothing.
 */
export async function assertReachable(
  ctx: Context,
  { dryRun }: { dryRun: boolean },
): Promise<void> {
  const account = await accountOf(ctx)
  const binding = dryRun ? await readBinding(ctx.db.pool) : await bind(ctx, account)
  const reason = binding && differs(binding, account)
  if (reason === null) return
  if (!dryRun && reason !== binding?.stoppedBecause) await noteStop(ctx, reason)
  throw stopped(reason)
}

/** Stops every sync, or lets them go on; says so in the log. */
export async function noteStop(ctx: Context, reason: StopReason | null): Promise<void> {
  await writeStop(ctx.db.pool, reason, ctx.clock.now())
  if (reason === null) ctx.log.info({}, 'Stripe is the account of this database again; syncs go on')
  else ctx.log.error({ reason }, `nothing is synced: ${messages[reason]}`)
}

/** What stops every sync, as it was last seen; null where nothing does. Asks the database alone. */
export async function stripeTrouble(ctx: Context): Promise<StripeTrouble | null> {
  const reason = (await readBinding(ctx.db.pool))?.stoppedBecause ?? null
  return reason === null ? null : { code: reason, message: messages[reason] }
}

const messages: Record<StopReason, string> = {
  another_account:
    'STRIPE_SECRET_KEY is of another Stripe account than this database was made with. Set the key of that account, or use another database.',
  another_mode:
    'STRIPE_SECRET_KEY is of the other mode (test or live) than this database was made with. Set a key of that mode, or use another database.',
  customers_unknown:
    'Stripe knows none of the customers of this database. Was its test data deleted, or is the database a copy of another one? Nothing is changed until a reconcile finds them.',
}

function stopped(reason: StopReason): TollgateError {
  const message = 'Billing is stopped until the operator looks at it.'
  return new TollgateError('STRIPE_UNAVAILABLE', message, { cause: new Error(messages[reason]) })
}

/** Since when the database is about its account; null before the first sync. */
export async function boundAt(ctx: Context): Promise<Date | null> {
  return (await readBinding(ctx.db.pool))?.boundAt ?? null
}

/** The account of the key; asked for once where Stripe answers. Throws STRIPE_UNAVAILABLE, STRIPE_REJECTED. */
export function accountOf(ctx: Context): Promise<StripeAccount> {
  const known = accounts.get(ctx.stripe)
  if (known !== undefined) return known
  const asked = fetchAccount(ctx)
  accounts.set(ctx.stripe, asked)
  asked.catch(() => accounts.delete(ctx.stripe))
  return asked
}

async function fetchAccount({ stripe: { call, livemode } }: Context): Promise<StripeAccount> {
  try {
    const { id } = await call((stripe) => stripe.accounts.retrieveCurrent())
    return { accountId: id, livemode }
  } catch (error) {
    // A restricted key may do all that we need and not see this; its mode still tells something.
    if (isForbidden(error)) return { accountId: null, livemode }
    throw error
  }
}

async function bind(ctx: Context, account: StripeAccount): Promise<Binding> {
  const before = await readBinding(ctx.db.pool)
  if (before && (before.accountId !== null || account.accountId === null)) return before
  await writeBinding(ctx.db.pool, account, ctx.clock.now())
  const binding = await readBinding(ctx.db.pool)
  if (!binding) throw new Error('the Stripe account was not kept')
  return binding
}

function differs(binding: StripeAccount, account: StripeAccount): StopReason | null {
  if (binding.livemode !== account.livemode) return 'another_mode'
  const comparable = binding.accountId !== null && account.accountId !== null
  return comparable && binding.accountId !== account.accountId ? 'another_account' : null
}

/** Only a reconcile that finds a customer again ends this one. */
function keepsStopped({ stoppedBecause }: Binding): StopReason | null {
  return stoppedBecause === 'customers_unknown' ? stoppedBecause : null
}

/** The customer portal's configuration that was pushed to Stripe; null: Stripe's own default. */
export function portalConfiguration(ctx: Context): Promise<string | null> {
  return readPortal(ctx.db.pool)
}

/** Keeps which configuration of the customer portal is ours; the database has to be bound. */
export function writePortal(ctx: Context, id: string): Promise<void> {
  return updatePortal(ctx.db.pool, id)
}
