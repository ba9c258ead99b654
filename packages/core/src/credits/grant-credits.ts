import type pg from 'pg'
import { v7 as uuidV7 } from 'uuid'
import { appendAudit } from '../accounts/index.ts'
import type { Actor } from '../actor.ts'
import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import { checkMeter } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../database/index.ts'
import { invalid, TollgateError, userNotFound } from '../errors.ts'
import { checkInstant } from '../instant.ts'
import { appendEvents, onceKey } from '../outgoing/index.ts'
import { checkText } from '../text.ts'
import type { Grant } from './grant.ts'
import { MAX_LIVE_GRANTS } from './grant.ts'
import { findByKey, insertGrant, lockUser, readLiveGrants } from './grants-store.ts'

export interface GrantInput<M extends string = string> {
  userId: string
  meter: M
  /** A positive safe integer. */
  amount: number
  /** Left out: never. */
  expiresAt?: Date | null | undefined
  reason: string
  /** 1–255 characters, unique for the user's grants: the same key again is the same grant. */
  idempotencyKey: string
  actor: Actor
}

/**
 * Gives a user credits for a meter, usable from now, without a subscription too; who and why are in the audit log. The
 * same key and payload again: the first result, and nothing more is given. Throws USER_NOT_FOUND, UNKNOWN_METER,
 * IDEMPOTENCY_KEY_REUSED, and VALIDATION, also where the user has 100 live grants of the meter.
 */
export async function grantCredits<C extends AnyCatalog>(
  ctx: Context<C>,
  input: GrantInput<MeterOf<C>>,
): Promise<Grant<MeterOf<C>>> {
  const { userId, meter, amount } = input
  checkMeter(ctx.catalog, meter)
  checkText('userId', userId)
  if (!(Number.isSafeInteger(amount) && amount >= 1)) {
    throw invalid('amount', 'must be a positive whole number within the safe range')
  }
  const reason = checkText('reason', input.reason)
  const idempotencyKey = checkText('idempotencyKey', input.idempotencyKey)
  const expiresAt = input.expiresAt ? checkInstant('expiresAt', input.expiresAt) : null
  return inTransaction(ctx.db.pool, async (tx) => {
    if (!(await lockUser(tx, userId))) throw userNotFound(userId)
    const before = await findByKey(tx, { userId, idempotencyKey })
    if (before) return { ...repeat(before, { ...input, expiresAt }), meter }
    // After the lock: a grant that another process added while this waited is not later than this one.
    const now = ctx.clock.now()
    if (expiresAt && expiresAt <= now) throw invalid('expiresAt', 'must be in the future')
    const live = (await readLiveGrants(tx, { userId, now })).filter((each) => each.meter === meter)
    checkRoom(live, amount)
    return give(ctx, tx, { ...input, reason, idempotencyKey, expiresAt, now })
  })
}

async function give<M extends string>(
  ctx: Context,
  tx: pg.ClientBase,
  given: GrantInput<M> & { expiresAt: Date | null; now: Date },
): Promise<Grant<M>> {
  const { userId, meter, amount, reason, actor, now } = given
  const id = uuidV7({ msecs: now.getTime() })
  await insertGrant(tx, { ...given, id })
  const expiresAt = given.expiresAt?.toISOString() ?? null
  const details = { grantId: id, meter, amount, expiresAt }
  await appendAudit(ctx, { actor, action: 'credits.grant', userId, reason, details }, tx)
  const effectiveAt = now.toISOString()
  const of = { id, meter, amount, remaining: amount }
  const grant: Grant<M> = { ...of, source: 'admin', effectiveAt, expiresAt, reason }
  const once = onceKey('credits.granted', id)
  await appendEvents(tx, [{ userId, type: 'credits.granted', data: { grant }, once }], now)
  return grant
}

/** The first result, if the payload is the same. */
function repeat(
  before: Grant,
  { meter, amount, expiresAt, reason, idempotencyKey }: GrantInput,
): Grant {
  const isSame =
    before.meter === meter &&
    before.amount === amount &&
    before.reason === reason &&
    before.expiresAt === (expiresAt?.toISOString() ?? null)
  if (isSame) return before
  const key = JSON.stringify(idempotencyKey)
  const message = `idempotencyKey: ${key} was used with another payload; a new grant needs a new key`
  throw new TollgateError('IDEMPOTENCY_KEY_REUSED', message)
}

/** Each grant that a use takes from costs it a row: so their number has a bound. Their sum has to be countable. */
function checkRoom(live: readonly Grant[], amount: number): void {
  if (live.length >= MAX_LIVE_GRANTS) {
    throw invalid('meter', `has ${MAX_LIVE_GRANTS} live grants of this user, which is the most`)
  }
  const sum = live.reduce((total, { remaining }) => total + remaining, amount)
  if (!Number.isSafeInteger(sum))
    throw invalid('amount', 'would carry the credits beyond the safe range')
}
