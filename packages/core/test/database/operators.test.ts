import type { TestDatabase } from '@tollgate/testing'
import { createTestDatabase } from '@tollgate/testing'
import { catalog } from '@tollgate/testing/catalog'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/index.ts'
import { openDatabase } from '../../src/database/index.ts'
import {
  closeContext,
  createApiKey,
  createContext,
  examine,
  findApiKey,
  initDb,
  startWorker,
} from '../../src/index.ts'
import { ManualClock, silentLog } from '../../src/testing.ts'

let database: TestDatabase
let admin: pg.Pool
let role: string
let made = 0
beforeEach(async () => {
  database = await createTestDatabase()
  admin = new pg.Pool({ connectionString: database.url })
  admin.on('error', () => undefined)
  made += 1
  role = `tollgate_operator_${process.pid}_${made}`
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'operator'`)
})
afterEach(async () => {
  await admin.query(`DROP OWNED BY ${role} CASCADE`)
  await admin.query(`DROP ROLE ${role}`)
  await admin.end()
  await database.drop()
})

const databaseName = () => pg.escapeIdentifier(new URL(database.url).pathname.slice(1))

/** This database as the role, where `prepare` has run, in `schema` and without the tables in public. */
async function emptyFor(prepare: string): Promise<string> {
  await admin.query('DROP SCHEMA public CASCADE')
  await admin.query(`CREATE SCHEMA public; ${prepare}`)
  return urlAs(role)
}

function urlAs(user: string): string {
  const url = new URL(database.url)
  url.username = user
  url.password = 'operator'
  return url.href
}

function open(url: string, clock = new ManualClock('2026-11-20T12:00:00.000Z')) {
  return createContext({
    catalog,
    databaseUrl: url,
    stripe: { secretKey: 'sk_test_unused', webhookSecrets: [], apiBase: 'http://127.0.0.1:1' },
    settings: { appUrl: 'http://127.0.0.1:3000', pastDueGraceDays: 7, priceIds: {} },
    log: silentLog,
    clock,
  })
}

const hostile = {
  TimeZone: 'America/New_York',
  DateStyle: 'SQL, DMY',
  IntervalStyle: 'sql_standard',
  bytea_output: 'escape',
  extra_float_digits: '-15',
  standard_conforming_strings: 'off',
  client_encoding: 'LATIN1',
  default_transaction_isolation: 'serializable',
  statement_timeout: '900',
  lock_timeout: '1',
  idle_session_timeout: '900',
  synchronous_commit: 'off',
  enable_indexscan: 'off',
}

describe('what an operator sets does not reach what correctness rests on', () => {
  const asOptions = Object.entries(hostile)
    .map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
    .join(' ')
  const ways: [string, () => Promise<string>][] = [
    [
      'of the URL',
      async () => {
        const url = new URL(database.url)
        url.searchParams.set('options', asOptions)
        url.searchParams.set('statement_timeout', '900')
        return url.href
      },
    ],
    [
      'of the role',
      async () => {
        await admin.query(`ALTER ROLE ${role} SUPERUSER`)
        for (const [name, value] of Object.entries(hostile)) {
          await admin.query(`ALTER ROLE ${role} SET ${name} = '${value}'`)
        }
        return urlAs(role)
      },
    ],
    [
      'of the database',
      async () => {
        for (const [name, value] of Object.entries(hostile)) {
          await admin.query(`ALTER DATABASE ${databaseName()} SET ${name} = '${value}'`)
        }
        return database.url
      },
    ],
  ]

  test.each(ways)('settings %s', async (_what, prepare) => {
    const url = await prepare()
    await initDb(url)
    const ctx = open(url)
    for (const pool of [ctx.db.pool, ctx.db.writers]) await expectOurSettings(pool)
    await closeContext(ctx)
  })

  test('a key past its expiry is refused on each day of the month, and one before it is accepted', async () => {
    await admin.query(`ALTER DATABASE ${databaseName()} SET DateStyle = 'SQL, DMY'`)
    await admin.query(`ALTER DATABASE ${databaseName()} SET TimeZone = 'America/New_York'`)
    const clock = new ManualClock('2026-11-01T00:00:00.000Z')
    const ctx = open(database.url, clock)
    for (let day = 2; day <= 29; day += 3) {
      const instant = `2026-12-${String(day).padStart(2, '0')}T12:00:00.000Z`
      clock.set('2026-11-01T00:00:00.000Z')
      const { key } = await createApiKey(ctx, {
        name: instant,
        scopes: ['usage:read'],
        expiresAt: new Date(instant),
        createdBy: { kind: 'command', id: 'test' },
      })
      clock.set(`2026-12-${String(day).padStart(2, '0')}T11:59:59.000Z`)
      expect(await findApiKey(ctx, key)).not.toBeNull()
      clock.set(instant)
      expect(await findApiKey(ctx, key)).toBeNull()
    }
    await closeContext(ctx)
  })

  test('an instant that can not be read fails the statement, since a comparison with it would be false', async () => {
    const db: Database = openDatabase({ url: database.url, log: silentLog })
    const client = await db.pool.connect()
    await client.query(`SET DateStyle = 'SQL, DMY'`)
    await expect(client.query(`SELECT timestamptz '2026-12-31' AS at`)).rejects.toThrow(
      "can't be read",
    )
    client.release(true)
    await db.close()
  })
})

async function expectOurSettings(pool: pg.Pool): Promise<void> {
  const names = ['TimeZone', 'DateStyle', 'IntervalStyle', 'bytea_output', 'extra_float_digits']
  names.push('standard_conforming_strings', 'client_encoding', 'default_transaction_isolation')
  names.push('lock_timeout', 'idle_session_timeout', 'synchronous_commit')
  const { rows } = await pool.query<{ name: string; value: string }>(
    'SELECT name, current_setting(name) AS value FROM unnest($1::text[]) AS name',
    [names],
  )
  expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toEqual({
    TimeZone: 'UTC',
    DateStyle: 'ISO, YMD',
    IntervalStyle: 'postgres',
    bytea_output: 'hex',
    extra_float_digits: '1',
    standard_conforming_strings: 'on',
    client_encoding: 'UTF8',
    default_transaction_isolation: 'read committed',
    lock_timeout: '0',
    idle_session_timeout: '0',
    synchronous_commit: 'on',
  })
  const text = 'Ωmega — naïve'
  const at = '2026-12-31T23:30:00.000Z'
  const read = await pool.query<{ text: string; at: Date; bytes: Buffer }>(
    `SELECT $1::text AS text, $2::timestamptz AS at, '\\x00ff'::bytea AS bytes`,
    [text, at],
  )
  expect(read.rows[0]).toEqual({ text, at: new Date(at), bytes: Buffer.from([0, 255]) })
}

describe('a schema', () => {
  test('that search_path leads to holds all of our tables', async () => {
    const url = await emptyFor(`CREATE SCHEMA "${role}" AUTHORIZATION ${role}`)
    await admin.query(`CREATE SCHEMA graphile_worker AUTHORIZATION ${role}`)
    await expectTablesIn(url, role)
  })

  test('that ?schema= names is made where the role may, and used', async () => {
    const url = await emptyFor(`GRANT CREATE ON DATABASE ${databaseName()} TO ${role}`)
    await expectTablesIn(`${url}?schema=Its%20own`, 'Its own')
  })

  test('that is not there is refused in one line', async () => {
    const url = await emptyFor('REVOKE ALL ON SCHEMA public FROM public')
    await expect(initDb(`${url}?schema=absent`)).rejects.toThrow(
      `CREATE SCHEMA "absent" AUTHORIZATION "${role}"`,
    )
    await expect(initDb(url)).rejects.toThrow(/leads to no schema|may not create tables/)
  })

  test('beside one that holds a Tollgate is refused, not filled with empty tables', async () => {
    await admin.query('CREATE SCHEMA other')
    await expect(initDb(`${database.url}?schema=other`)).rejects.toThrow(
      'The schema "public" of this database holds a Tollgate, but search_path leads to "other"',
    )
  })
})

async function expectTablesIn(url: string, schema: string): Promise<void> {
  await initDb(url)
  const ctx = open(url)
  await (await startWorker(ctx)).stop()
  await closeContext(ctx)
  const { rows } = await admin.query<{ schemaname: string }>(
    `SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  )
  expect(rows.map(({ schemaname }) => schemaname).sort()).toEqual(
    [schema, 'graphile_worker'].sort(),
  )
}

describe('a role that may not create schemas', () => {
  const ownSchema = () => `CREATE SCHEMA "${role}" AUTHORIZATION ${role}`

  test('starts where the schema of the jobs is there, and the start and the doctor say so where it is not', async () => {
    const url = await emptyFor(ownSchema())
    await initDb(url)
    const ctx = open(url)
    const fix = `CREATE SCHEMA graphile_worker AUTHORIZATION "${role}"`
    await expect(startWorker(ctx)).rejects.toThrow(fix)
    const finding = (await examine(ctx)).find(({ name }) => name === 'database')
    expect(finding).toMatchObject({ ok: false, fix: expect.stringContaining(fix) })

    await admin.query(fix)
    await (await startWorker(ctx)).stop()
    await (await startWorker(ctx)).stop()
    await closeContext(ctx)
  })

  test('and not tables either finds tables that are there as good as its own', async () => {
    await admin.query('REVOKE CREATE ON SCHEMA public FROM public')
    await admin.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`)
    expect(await initDb(urlAs(role))).toBe(0)
  })
})
