import { isDeepStrictEqual } from 'node:util'
import type pg from 'pg'
import type { Operation } from './history.ts'
import { toldOfClosings, toldOfUses } from './history.ts'
import type { Effect } from './sequence.ts'
import { isOneSequence } from './sequence.ts'
import { findWrongSources } from './sources.ts'

// The invariants of metering, checked from outside: by what callers were told, and by what the tables hold.

export type Invariant =
  /** Ledger sum = counter = per-day sum, for every user, meter and window. */
  | 'sums'
  /** Each unit is of one source; grants, sales of overage and counters say what the ledger says; none is exceeded. */
  | 'sources'
  /** Used + reserved ≤ allowance, credits and cap for those who only consume and reserve, at every moment. */
  | 'limit'
  /** A key has at most one effect, and nothing is there that nobody asked for. */
  | 'one effect'
  /** What was acknowledged is in the ledger. */
  | 'acknowledged'
  /** Each answer to the same call is the first one. */
  | 'replay'
  /** Decisions are as if they had come one after the other. */
  | 'sequence'
  /** A call is accepted, or answered with one of the contract's refusals. */
  | 'answers'

export interface Broken {
  invariant: Invariant
  what: string
}

export interface Lives {
  history: readonly Operation[]
  /** Limit of every meter, of the users who only consume and reserve. */
  limits: ReadonlyMap<string, number>
  /** The latest that any clock said. */
  latest: Date
}

/** Every invariant that does not hold; call it while nobody writes, and after each call was answered. */
export async function findBroken(db: pg.Pool, lives: Lives): Promise<Broken[]> {
  const tables = await readTables(db)
  return [
    ...(await findWrongSums(db)),
    ...(await findWrongSources(db)).map((what) => broken('sources', what)),
    ...findBeyondLimit(tables, lives),
    ...findWrongEffects(tables, lives),
    ...findWrongClosings(tables, lives),
    ...findWrongReplays(lives),
    ...findWrongSequences(tables, lives),
    ...findWrongAnswers(lives),
  ]
}

interface Row {
  user_id: string
  idempotency_key: string
  id: string
  verb: string
  meter: string
  period: string
  amount: number
  reserved: number | null
  expires_at: Date | null
  held: boolean
  voided_at: Date | null
  balance_used: number
  balance_reserved: number
}

interface ClosingRow {
  user_id: string
  id: string
  kind: 'settled' | 'released' | 'voided'
  amount: number | null
  reason: string | null
  balance_used: number
  balance_reserved: number
}

interface Tables {
  rows: Row[]
  closings: ClosingRow[]
}

async function readTables(db: pg.Pool): Promise<Tables> {
  const { rows } = await db.query<Row>(
    `SELECT user_id, idempotency_key, id, verb, meter, period, amount::int, reserved::int, expires_at, held,
       voided_at, balance_used::int, balance_reserved::int FROM usage`,
  )
  const closings = await db.query<ClosingRow>(
    `SELECT user_id, id, kind, amount::int, reason, balance_used::int, balance_reserved::int
     FROM usage_closings`,
  )
  return { rows, closings: closings.rows }
}

/** Written anew rather than with `verifyUsage`, whose work is checked here too. */
async function findWrongSums(db: pg.Pool): Promise<Broken[]> {
  const ledger = `SELECT user_id, meter, period, (occurred_at AT TIME ZONE 'UTC')::date AS day,
      sum(amount) AS amount, count(*) AS events
    FROM usage WHERE amount > 0 AND voided_at IS NULL GROUP BY 1, 2, 3, 4`
  const first = `rpad(left(replace(period, 'since ', ''), 10), 10, '-01')::date`
  const days = `SELECT user_id, meter, period, ${first} + day::int - 1, amount::numeric, events::bigint
    FROM usage_counters, unnest(day_amounts, day_events) WITH ORDINALITY AS d (amount, events, day)
    WHERE amount <> 0 OR events <> 0`
  const sums = `SELECT user_id, meter, period,
      coalesce(sum(amount) FILTER (WHERE voided_at IS NULL), 0) AS used,
      coalesce(sum(reserved) FILTER (WHERE held), 0) AS reserved
    FROM usage GROUP BY 1, 2, 3`
  const counters =
    'SELECT user_id, meter, period, used::numeric, reserved::numeric FROM usage_counters'
  const wrong = [
    ['days', `(${ledger} EXCEPT ${days}) UNION ALL (${days} EXCEPT ${ledger})`],
    [
      'counter',
      `(${sums} EXCEPT ${counters}) UNION ALL (SELECT * FROM (${counters} EXCEPT ${sums}) c
      WHERE used <> 0 OR reserved <> 0)`,
    ],
    [
      'window',
      `SELECT user_id, meter, period FROM usage
      WHERE length(period) < 14 AND period
        <> left(to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24'), length(period))`,
    ],
  ] as const
  const found = await Promise.all(
    wrong.map(async ([what, query]) => {
      const { rows } = await db.query<object>(query)
      return rows.map((row) => broken('sums', `${what}: ${JSON.stringify(row)}`))
    }),
  )
  return found.flat()
}

function findBeyondLimit({ rows, closings }: Tables, { limits }: Lives): Broken[] {
  const places = new Map(rows.map((row) => [row.id, `${row.meter} ${row.period}`]))
  const sums = new Map<string, { userId: string; total: number }>()
  for (const { user_id: userId, id, amount, reserved, held, voided_at } of rows) {
    const key = `${userId} ${places.get(id)}`
    const total = (voided_at ? 0 : amount) + (held ? (reserved ?? 0) : 0)
    sums.set(key, { userId, total: (sums.get(key)?.total ?? 0) + total })
  }
  const ends = [...sums].map(([key, { userId, total }]) => ({ key, userId, total }))
  const moments = [...rows, ...closings].map((row) => ({
    key: `${row.user_id} ${places.get(row.id)} at ${row.id}`,
    userId: row.user_id,
    total: row.balance_used + row.balance_reserved,
  }))
  return [...ends, ...moments]
    .filter(({ userId, total }) => total > (limits.get(userId) ?? Number.POSITIVE_INFINITY))
    .map(({ key, total }) => broken('limit', `${key}: ${total}`))
}

function findWrongEffects({ rows }: Tables, { history }: Lives): Broken[] {
  const byKey = new Map(rows.map((row) => [`${row.user_id} ${row.idempotency_key}`, row]))
  const known = new Set<string>()
  const wrong = history.flatMap(toldOfUses).flatMap(({ verb, use, usageId }): Broken[] => {
    if (usageId === null) return []
    const key = `${use.userId} ${use.idempotencyKey}`
    known.add(key)
    const row = byKey.get(key)
    if (!row) return [broken('acknowledged', `${verb} ${key} is not in the ledger`)]
    const kept = { verb: row.verb, meter: row.meter, amount: row.reserved ?? row.amount }
    const asked = { verb, meter: use.meter, amount: use.amount }
    const same = isDeepStrictEqual(kept, asked) && toUsageId(row) === usageId
    return same ? [] : [broken('one effect', `${key}: ${JSON.stringify({ asked, kept, usageId })}`)]
  })
  const unasked = [...byKey.keys()].filter((key) => !known.has(key))
  return [...wrong, ...unasked.map((key) => broken('one effect', `nobody was told of ${key}`))]
}

function findWrongClosings({ rows, closings }: Tables, { history }: Lives): Broken[] {
  const byId = new Map(rows.map((row) => [toUsageId(row), row]))
  const found = new Map(closings.map((row) => [`${toUsageId(row)} ${row.kind}`, row]))
  const known = new Set<string>()
  const wrong = history.flatMap(toldOfClosings).flatMap((told): Broken[] => {
    const key = `${told.usageId} ${told.kind}`
    known.add(key)
    const closing = found.get(key)
    const row = byId.get(told.usageId)
    if (!closing || !row) return [broken('acknowledged', `${key} is not in the ledger`)]
    const same =
      (told.amount === null || told.amount === closing.amount) &&
      closing.reason === told.reason &&
      !row.held &&
      (told.kind !== 'settled' || row.amount === told.amount) &&
      (told.kind !== 'voided' || row.voided_at !== null) &&
      !(told.kind === 'released' && found.has(`${told.usageId} settled`))
    return same ? [] : [broken('one effect', `${key}: ${JSON.stringify({ told, closing })}`)]
  })
  const unasked = [...found.keys()].filter((key) => !known.has(key))
  return [...wrong, ...unasked.map((key) => broken('one effect', `nobody was told of ${key}`))]
}

function findWrongReplays({ history }: Lives): Broken[] {
  const answers = new Map<string, { answer: object; replayed: boolean | null }[]>()
  const add = (key: string, told: { answer: object; replayed: boolean | null }) =>
    answers.set(key, [...(answers.get(key) ?? []), told])
  for (const operation of history) {
    const form = operation.request.verb
    for (const told of toldOfUses(operation)) {
      if (told.usageId) add(`${form} ${told.use.userId} ${told.use.idempotencyKey}`, told)
    }
    for (const told of toldOfClosings(operation)) add(`${told.kind} ${told.usageId}`, told)
  }
  return [...answers].flatMap(([key, [first, ...others]]) => {
    const all = first ? [first, ...others] : []
    const firsts = all.filter(({ replayed }) => replayed === false)
    const same = others.every(({ answer }) => isDeepStrictEqual(answer, first?.answer))
    return same && firsts.length <= 1 ? [] : [broken('replay', `${key}: ${JSON.stringify(all)}`)]
  })
}

function findWrongSequences({ rows, closings }: Tables, { latest }: Lives): Broken[] {
  const byId = new Map(rows.map((row) => [toUsageId(row), row]))
  const counters = new Map<string, Effect[]>()
  const add = (row: Row, balance: Row | ClosingRow, [usedBy, reservedBy]: [number, number]) => {
    const key = `${row.user_id} ${row.meter} ${row.period}`
    const { balance_used: used, balance_reserved: reserved } = balance
    counters.set(key, [...(counters.get(key) ?? []), { used, reserved, usedBy, reservedBy }])
  }
  for (const row of rows) add(row, row, row.reserved ? [0, row.reserved] : [row.amount, 0])
  for (const closing of closings) {
    const row = byId.get(toUsageId(closing))
    if (!row) continue
    if (closing.kind === 'voided') add(row, closing, [-row.amount, 0])
    else add(row, closing, [closing.amount ?? 0, -(row.reserved ?? 0)])
  }
  // A reservation that expired moved its counter without an answer that says when.
  for (const { user_id, meter, period, expires_at } of rows) {
    if (expires_at && expires_at <= latest) counters.delete(`${user_id} ${meter} ${period}`)
  }
  return [...counters]
    .filter(([, effects]) => !isOneSequence(effects))
    .map(([key, effects]) => broken('sequence', `${key}: ${JSON.stringify(effects)}`))
}

const REFUSALS = ['IDEMPOTENCY_KEY_REUSED', 'RESERVATION_CLOSED', 'ALREADY_VOIDED']

function findWrongAnswers({ history }: Lives): Broken[] {
  return history.flatMap(({ request, answers }) => {
    const isFine = answers.every(
      ({ status, body }) =>
        status === 200 || (status === 409 && REFUSALS.includes(body.errorCode ?? '')),
    )
    if (isFine && answers.length > 0) return []
    return [broken('answers', JSON.stringify({ request, answers }))]
  })
}

/** The id that callers know a ledger row by. */
function toUsageId({ id, user_id: userId }: { id: string; user_id: string }): string {
  return `${id}.${Buffer.from(userId).toString('base64url')}`
}

function broken(invariant: Invariant, what: string): Broken {
  return { invariant, what }
}
