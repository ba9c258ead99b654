import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'
import type { StripeGateway } from '../gateway.ts'
import { isForbidden } from '../stripe-error.ts'
import type { Binding, StopReason, StripeAccount } from './account-store.ts'
import { readBinding, readPortal, updatePortal, updateStop, writeBinding } from './account-store.ts'

/** Why nothing is synced, and what to do. */
export interface StripeTrouble {
  code: StopReason
  message: string
}

/** A key belongs to one account for ever, so a process asks once. */
const accounts = new WeakMap<StripeGateway, Promise<StripeAccount>>()

/**
 * Throws STRIPE_UNAVAILABLE while Stripe is not the account and mode that this database is bound to, or knows none of
 * its customers. The first call binds. A sync would then overwrite rows of one account with the state of another, so
 * nothing is written and nothing is deleted.
 */
export async function assertSameAccount(ctx: Context): Promise<void> {
  const account = await accountOf(ctx)
  const binding = await bind(ctx, account)
  const reason = differs(binding, account) ?? unknownCustomers(binding)
  if (reason !== binding.stoppedBecause) await writeStop(ctx, reason)
  if (reason === null) return
  throw stopped(reason)
}

/**
 * As `assertSameAccount`, for a reconcile run: that finds out whether customers are known, so it runs where unknown
 * customers are all that stops the syncs. A dry run binds and stores nothing.
 */
export async function assertReachable(
  ctx: Context,
  { dryRun }: { dryRun: boolean },
): Promise<void> {
  const account = await accountOf(ctx)
  const binding = dryRun ? await readBinding(ctx.db.pool) : await bind(ctx, account)
  const reason = binding && differs(binding, account)
  if (reason === null) return
  if (!dryRun && reason !== binding?.stoppedBecause) await writeStop(ctx, reason)
  throw stopped(reason)
}

/** Stops every sync, or lets them run again, and logs it. */
export async function writeStop(ctx: Context, reason: StopReason | null): Promise<void> {
  await updateStop(ctx.db.pool, reason, ctx.clock.now())
  if (reason === null) ctx.log.info({}, 'Stripe is the account of this database again; syncs run')
  else ctx.log.error({ reason }, `nothing is synced: ${messages[reason]}`)
}

/** What stops every sync, as it was last seen; null where nothing does. Reads the database only. */
export async function stripeTrouble(ctx: Context): Promise<StripeTrouble | null> {
  const reason = (await readBinding(ctx.db.pool))?.stoppedBecause ?? null
  return reason === null ? null : { code: reason, message: messages[reason] }
}

const messages: Record<StopReason, string> = {
  another_account:
    'STRIPE_SECRET_KEY belongs to another Stripe account than this database. Set a key of the right account, or use another database.',
  another_mode:
    'STRIPE_SECRET_KEY is of the other mode (test or live) than this database. Set a key of the right mode, or use another database.',
  customers_unknown:
    'Stripe knows none of the customers of this database. Was its test data deleted, or is the database a copy of another one? Nothing is changed until a reconcile run finds them.',
}

function stopped(reason: StopReason): TollgateError {
  const message = 'Billing is stopped until the operator looks at it.'
  return new TollgateError('STRIPE_UNAVAILABLE', message, { cause: new Error(messages[reason]) })
}

/** When the database was bound to its account; null before the first sync. */
export async function boundAt(ctx: Context): Promise<Date | null> {
  return (await readBinding(ctx.db.pool))?.boundAt ?? null
}

/** The account of the key. Asked once, where Stripe answers. Throws STRIPE_UNAVAILABLE, STRIPE_REJECTED. */
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
    // A restricted key may do all that we need and not see its account. Its mode is known all the same.
    if (isForbidden(error)) return { accountId: null, livemode }
    throw error
  }
}

async function bind(ctx: Context, account: StripeAccount): Promise<Binding> {
  const before = await readBinding(ctx.db.pool)
  if (before && (before.accountId !== null || account.accountId === null)) return before
  await writeBinding(ctx.db.pool, account, ctx.clock.now())
  const binding = await readBinding(ctx.db.pool)
  if (!binding) throw new Error('the Stripe account was not stored')
  return binding
}

function differs(binding: StripeAccount, account: StripeAccount): StopReason | null {
  if (binding.livemode !== account.livemode) return 'another_mode'
  const comparable = binding.accountId !== null && account.accountId !== null
  return comparable && binding.accountId !== account.accountId ? 'another_account' : null
}

/** Only a reconcile run that finds a customer ends this one. */
function unknownCustomers({ stoppedBecause }: Binding): StopReason | null {
  return stoppedBecause === 'customers_unknown' ? stoppedBecause : null
}

/** The customer portal's configuration that was pushed to Stripe; null: Stripe's default. */
export function portalConfiguration(ctx: Context): Promise<string | null> {
  return readPortal(ctx.db.pool)
}

/** Stores which configuration of the customer portal is ours. The database has to be bound. */
export function writePortal(ctx: Context, id: string): Promise<void> {
  return updatePortal(ctx.db.pool, id)
}
