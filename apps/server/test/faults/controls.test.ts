import type { Context } from '@tollgate/core'
import {
  consumeUsage,
  recordUsage,
  recordUsageBatch,
  releaseReservation,
  reserveUsage,
  settleReservation,
  voidUsage,
} from '@tollgate/core'
import { createTestDatabase } from '@tollgate/testing'
import { describe, expect, it } from 'vitest'
import type { Operation, Request, Use } from './history.ts'
import type { Invariant, Lives } from './invariants.ts'
import { findBroken } from './invariants.ts'
import type { World } from './world.ts'
import { LIMIT, openWorld } from './world.ts'

// What shows that the checks of the fault tests can fail: a life in which all is well, and each rule broken in it.

const STRICT = 'strict-1-a'
const FREE = 'free-1'

/** `what` is damaged in the tables, or in what callers remember. */
type Damage = (context: { world: World; history: Operation[] }) => unknown

const sql =
  (text: string): Damage =>
  ({ world }) =>
    world.core.db.pool.query(text)

const damages: [Invariant, string, Damage][] = [
  ['sums', 'a counter that counts one more', sql(`UPDATE usage_counters SET used = used + 1`)],
  [
    'sums',
    'a day that counts one more',
    sql(`UPDATE usage_counters SET day_amounts[7] = day_amounts[7] + 1`),
  ],
  ['sums', 'a day with an event too many', sql('UPDATE usage_counters SET day_events[7] = 1')],
  ['sums', 'a counter that forgot a reservation', sql('UPDATE usage_counters SET reserved = 0')],
  ['sums', 'a counter that is gone', sql('DELETE FROM usage_counters')],
  ['sources', 'a grant of which more is gone', sql('UPDATE grants SET remaining = remaining - 1')],
  ['sources', 'a counter that took less', sql('UPDATE usage_counters SET credited = credited + 1')],
  ['sources', 'a hold of overage by nobody', sql('UPDATE overage_terms SET held = 1')],
  ['sums', 'a use in the wrong month', sql(`UPDATE usage SET period = '2001-01'`)],
  ['limit', 'a decision outside the lock', ({ world, history }) => overshoot(world, history, 20)],
  ['sequence', 'two decisions on one state', ({ world, history }) => overshoot(world, history, 2)],
  ['acknowledged', 'a ledger row that is gone', remove('consumed')],
  [
    'acknowledged',
    'a settlement that is gone',
    sql(`DELETE FROM usage_closings WHERE kind = 'settled'`),
  ],
  ['one effect', 'a use that counts again under another key', repeatEffect('again')],
  [
    'one effect',
    'a use of another amount',
    sql(`UPDATE usage SET amount = amount + 1 WHERE idempotency_key = 'consumed'`),
  ],
  [
    'one effect',
    'a key whose effect was made anew',
    sql(`UPDATE usage SET id = gen_random_uuid() WHERE idempotency_key = 'consumed'`),
  ],
  [
    'one effect',
    'a reservation that was both released and settled',
    sql(`INSERT INTO usage_closings SELECT user_id, id, 'settled', at, 1, reason, actor_kind, actor_id,
      balance_used, balance_reserved, balance_limit FROM usage_closings WHERE kind = 'released'`),
  ],
  [
    'one effect',
    'a void that nobody asked for',
    ({ history }) => forget(history, ({ request }) => request.verb === 'void'),
  ],
  [
    'replay',
    'a repeat with another balance',
    ({ history }) => repeatAnswer(history, { replayed: true, balance: {} }),
  ],
  ['replay', 'a repeat that says it is the first', ({ history }) => repeatAnswer(history, {})],
  ['answers', 'a failure of ours', ({ history }) => answerAlso(history, 500, 'INTERNAL')],
  [
    'answers',
    'an error that the call can not have',
    ({ history }) => answerAlso(history, 404, 'NOT_FOUND'),
  ],
  [
    'answers',
    'a call that was never answered',
    ({ history }) => {
      history.push({ request: history[0]?.request ?? never(), answers: [] })
    },
  ],
]

describe('the check of', () => {
  it.each(damages)('%s finds %s', async (invariant, _what, damage) => {
    const database = await createTestDatabase()
    const world = await openWorld(database.url)
    const history = await live(world)
    const { limits, latest } = world
    const lives: Lives = { history, limits, latest }
    expect(await findBroken(world.core.db.pool, lives)).toEqual([])
    await damage({ world, history })
    const broken = await findBroken(world.core.db.pool, lives)
    expect(broken.map((each) => each.invariant)).toContain(invariant)
    await world.close()
    await database.drop()
  })
})

/** Something of everything, answered as it should be. */
async function live({ core, addUsers }: World): Promise<Operation[]> {
  await addUsers(1)
  const history: Operation[] = []
  const tell = <T extends object>(request: Request, ...bodies: T[]): T => {
    history.push({ request, answers: bodies.map((body) => ({ status: 200, body: { ...body } })) })
    return bodies[0] ?? never()
  }
  const use = (userId: string, idempotencyKey: string): Use => ({
    ...{ userId, idempotencyKey, meter: 'tokens', amount: 5 },
  })
  const reserve = async (key: string) => {
    const input = { ...use(STRICT, key), ttlSeconds: 86_400 }
    const { reservationId } = tell({ verb: 'reserve', input }, await reserveUsage(core, input))
    return { reservationId: reservationId ?? never() }
  }
  const consumed = use(STRICT, 'consumed')
  const first = await consumeUsage(core, consumed)
  tell({ verb: 'consume', input: consumed }, first, await consumeUsage(core, consumed))
  await reserve('open')
  const settled = { ...(await reserve('settled')), amount: 3 }
  tell({ verb: 'settle', input: settled }, await settleReservation(core, settled))
  const released = await reserve('released')
  tell({ verb: 'release', input: released }, await releaseReservation(core, released))
  const recorded = use(FREE, 'recorded')
  const { usageId } = tell({ verb: 'record', input: recorded }, await recordOne(core, recorded))
  const voided = { usageId, reason: 'a' }
  const actor = { kind: 'key', id: 'key' } as const
  tell({ verb: 'void', input: voided }, await voidUsage(core, { ...voided, actor }))
  const events = [use(FREE, 'first of two'), use(FREE, 'second of two')]
  tell(
    { verb: 'record-batch', input: { events } },
    await recordUsageBatch(core, { events: events.map(undated) }),
  )
  return history
}

function recordOne(core: Context, use: Use) {
  return recordUsage(core, undated(use))
}

function undated({ occurredAt: _, ttlSeconds: __, ...use }: Use) {
  return use
}

/** What many do: read and decide, and only then lock and write. Two at once, each with what the other left out. */
async function overshoot({ core }: World, history: Operation[], amount: number): Promise<void> {
  const { pool } = core.db
  const read = async () => {
    const { rows } = await pool.query<{ used: number; reserved: number; period: string }>(
      `SELECT used::int, reserved::int, period FROM usage_counters WHERE user_id = $1 AND meter = 'tokens'`,
      [STRICT],
    )
    return rows[0] ?? never()
  }
  const decided = await Promise.all([read(), read()])
  for (const [nth, { used, reserved, period }] of decided.entries()) {
    if (used + reserved + amount > LIMIT) continue
    const idempotencyKey = `outside ${nth}`
    const { rows } = await pool.query<{ id: string }>(
      `WITH written AS (
         INSERT INTO usage (user_id, idempotency_key, id, verb, meter, period, amount, occurred_at, occurred_at_sent,
           recorded_at, over_limit, balance_used, balance_reserved, balance_limit)
         VALUES ($1, $2, gen_random_uuid(), 'consume', 'tokens', $3, $4, $5, false, $5, false, $6, $7, $8)
         RETURNING id
       ), counted AS (
         UPDATE usage_counters SET used = used + $4, day_amounts[$9] = day_amounts[$9] + $4,
           day_events[$9] = day_events[$9] + 1
         WHERE user_id = $1 AND meter = 'tokens' AND period = $3
       ) SELECT id FROM written`,
      [
        ...[STRICT, idempotencyKey, period, amount, core.clock.now().toISOString()],
        ...[used + amount, reserved, LIMIT, core.clock.now().getUTCDate()],
      ],
    )
    const usageId = `${rows[0]?.id}.${Buffer.from(STRICT).toString('base64url')}`
    const input: Use = { userId: STRICT, meter: 'tokens', amount, idempotencyKey }
    const answers = [{ status: 200, body: { allowed: true, replayed: false, usageId } }]
    history.push({ request: { verb: 'consume', input }, answers })
  }
}

/** Takes a use out of the ledger and of its counter, so that the sums agree. */
function remove(key: string): Damage {
  return sql(`WITH gone AS (DELETE FROM usage WHERE idempotency_key = '${key}' RETURNING *)
    ${addToCounter('gone', -1)}`)
}

/** Counts a use a second time, ledger and counter alike. */
function repeatEffect(key: string): Damage {
  const columns = `verb, meter, period, amount, occurred_at, occurred_at_sent, recorded_at, over_limit,
    balance_used, balance_reserved, balance_limit`
  return sql(`WITH twin AS (INSERT INTO usage (user_id, idempotency_key, id, ${columns})
      SELECT user_id, '${key}', gen_random_uuid(), ${columns} FROM usage WHERE idempotency_key = 'consumed'
      RETURNING *)
    ${addToCounter('twin', 1)}`)
}

function addToCounter(rows: string, sign: 1 | -1): string {
  const day = `extract(day FROM r.occurred_at AT TIME ZONE 'UTC')::int`
  return `UPDATE usage_counters c SET used = used + ${sign} * r.amount,
      day_amounts[${day}] = day_amounts[${day}] + ${sign} * r.amount,
      day_events[${day}] = day_events[${day}] + ${sign}
    FROM ${rows} r WHERE (c.user_id, c.meter, c.period) = (r.user_id, r.meter, r.period)`
}

function forget(history: Operation[], which: (operation: Operation) => boolean): void {
  history.splice(history.findIndex(which), 1)
}

/** The first call is answered once more, with its first answer but for this. */
function repeatAnswer([operation]: Operation[], change: object): void {
  const [first] = operation?.answers ?? []
  if (first) operation?.answers.push({ status: 200, body: { ...first.body, ...change } })
}

function answerAlso([operation]: Operation[], status: number, errorCode: string): void {
  operation?.answers.push({ status, body: { errorCode } })
}

function never(): never {
  throw new Error('this can not be')
}
