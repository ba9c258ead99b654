import { appendAudit } from '../accounts/index.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import type { Balance } from '../quota/index.ts'
import { dayOf } from '../quota/index.ts'
import { checkText } from '../text.ts'
import { changeCounters } from './ledger/counter-store.ts'
import { markVoided } from './ledger/ledger-store.ts'
import type { LockedEntry } from './ledger/locked-entry.ts'
import { withLockedEntry } from './ledger/locked-entry.ts'
import { insertOutcome } from './ledger/outcome-store.ts'
import { notFound } from './usage.ts'
import { snapshotOf } from './writer/decide.ts'
import { balanceAt } from './writer/results.ts'
import { giveBack } from './writer/sources.ts'

export interface Voided {
  /** True: it was voided before, and this is the result given then. */
  replayed: boolean
  balance: Balance
}

/**
 * Takes one recorded use back to where it was taken from, in its own window and on its own day; who and why are kept, with the ledger entry
 * and in the audit log. Again for the same reason: the first result. Throws ALREADY_VOIDED for another reason,
 * NOT_FOUND, VALIDATION, UNAVAILABLE.
 */
export async function voidUsage(
  ctx: Context,
  input: { usageId: string; reason: string; actor: Actor },
): Promise<Voided> {
  const { usageId, actor } = input
  const reason = checkText('reason', input.reason)
  return withLockedEntry(ctx, { field: 'usageId', usageId }, async (locked) => {
    const { db, now, entry, counter, window, outcomes } = locked
    const { userId, id, meter, counted: amount } = entry
    if (amount === 0) throw notFound('usageId', usageId)
    const before = outcomes.get('voided')
    if (before) {
      if (before.reason !== reason) throw alreadyVoided(usageId)
      return { replayed: true, balance: balanceAt(entry, before.snapshot) }
    }
    await takeBack(locked)
    const snapshot = snapshotOf(counter, window)
    await insertOutcome(db, {
      userId,
      id,
      kind: 'voided',
      at: now,
      amount,
      reason,
      actor,
      snapshot,
    })
    const details = { usageId, meter, amount }
    await appendAudit(ctx, { actor, action: 'usage.void', userId, reason, details }, db)
    return { replayed: false, balance: balanceAt(entry, snapshot) }
  })
}

async function takeBack({ db, now, entry, counter }: LockedEntry): Promise<void> {
  const { userId, id, meter, period, counted } = entry
  const { credited, sold } = counter
  giveBack(counter, entry.parts)
  counter.used -= counted
  const change = {
    userId,
    meter,
    period,
    day: dayOf(period, entry.occurredAt),
    amount: -counted,
    events: -1,
    credited: counter.credited - credited,
    sold: counter.sold - sold,
  }
  await changeCounters(db, [{ ...change, reserved: 0, expiresAt: null }])
  await markVoided(db, { userId, id, at: now })
}

function alreadyVoided(usageId: string): TollgateError {
  const message = `usageId: ${JSON.stringify(usageId)} was voided already, for another reason`
  return new TollgateError('ALREADY_VOIDED', message)
}
