import type { Actor } from '../accounts/index.ts'
import { appendAudit } from '../accounts/index.ts'
import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import type { Balance } from '../quota/index.ts'
import { dayOf } from '../quota/index.ts'
import { insertClosing } from './ledger/closing-store.ts'
import { changeCounters } from './ledger/counter-store.ts'
import { markVoided } from './ledger/ledger-store.ts'
import type { OpenEntry } from './ledger/open-entry.ts'
import { withEntry } from './ledger/open-entry.ts'
import { notFound } from './ledger/usage-id.ts'
import { balanceThen } from './settle.ts'
import { checkText } from './validate.ts'
import { keep } from './writer/decide.ts'

export interface Voided {
  replayed: boolean
  balance: Balance
}

/**
 * Takes one recorded use back, in its own month and on its own day; who and why are kept, with the ledger row
 * and in the audit log. Again for the same reason: the first answer. Throws ALREADY_VOIDED for another reason,
 * NOT_FOUND, VALIDATION, UNAVAILABLE.
 */
export async function voidUsage(
  ctx: Context,
  input: { usageId: string; reason: string; actor: Actor },
): Promise<Voided> {
  const { usageId, actor } = input
  const reason = checkText('reason', input.reason)
  return withEntry(ctx, { field: 'usageId', usageId }, async (entry) => {
    const { db, now, row, counter, closings } = entry
    const { user_id: userId, id, meter } = row
    const amount = Number(row.amount)
    if (amount === 0) throw notFound('usageId', usageId)
    const before = closings.get('voided')
    if (before) {
      if (before.reason !== reason) throw alreadyVoided(usageId)
      return { replayed: true, balance: balanceThen(entry, before) }
    }
    counter.used -= amount
    await takeBack(entry, amount)
    const what = { userId, id, kind: 'voided', at: now, amount, reason, actor } as const
    const closing = { ...what, balance: keep(counter) }
    await insertClosing(db, closing)
    const details = { usageId, meter, amount }
    await appendAudit(ctx, { actor, action: 'usage.void', userId, reason, details }, db)
    return { replayed: false, balance: balanceThen(entry, closing) }
  })
}

async function takeBack({ db, now, row }: OpenEntry, amount: number): Promise<void> {
  const { user_id: userId, id, meter, period } = row
  const day = dayOf(row.occurred_at)
  const change = { userId, meter, period, day, amount: -amount, events: -1 }
  await changeCounters(db, [{ ...change, reserved: 0, expiresAt: null }])
  await markVoided(db, { userId, id, at: now })
}

function alreadyVoided(usageId: string): TollgateError {
  const message = `usageId: ${JSON.stringify(usageId)} was voided already, for another reason`
  return new TollgateError('ALREADY_VOIDED', message)
}
