import type { TestDatabase } from '@tollgate/testing'
import { createTestDatabase } from '@tollgate/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SignedIn, TestServer } from './harness.ts'
import { addSubscriber, apiKey, rowCounts, send, signUp, startServer } from './harness.ts'

// A role that is no superuser, since those are let in where there is no connection left.
const ROLE = `tollgate_limited_${process.pid}`
const PASSWORD = 'a long password'

let database: TestDatabase
let admin: pg.Pool
let server: TestServer
let key: string
let customer: SignedIn

beforeAll(async () => {
  database = await createTestDatabase()
  const postgres = new URL(database.url)
  postgres.pathname = '/postgres'
  admin = new pg.Pool({ connectionString: postgres.href })
  await admin.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD 'limited'`)
  const owner = new pg.Client({ connectionString: database.url })
  await owner.connect()
  await owner.query(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${ROLE}`)
  await owner.query(`GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${ROLE}`)
  await owner.end()
  const url = new URL(database.url)
  url.username = ROLE
  url.password = 'limited'
  server = await startServer({ databaseUrl: url.href })
  await addSubscriber(server.core, 'metered')
  key = await apiKey(server.core, ['usage:write', 'usage:read', 'billing:read'])
  customer = await signUp(server, 'customer@example.com')
  expect(await consume('warm')).toMatchObject({ status: 200 })
})

afterAll(async () => {
  await server.close()
  await admin.query(`ALTER DATABASE ${name()} ALLOW_CONNECTIONS true`)
  await database.drop()
  await admin.query(`DROP ROLE ${ROLE}`)
  await admin.end()
})

const name = () => pg.escapeIdentifier(new URL(database.url).pathname.slice(1))

function consume(idempotencyKey: string) {
  return send(`${server.url}/api/usage/consume`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ userId: 'metered', meter: 'tokens', amount: 1, idempotencyKey }),
  })
}

function signIn() {
  return send(`${server.url}/api/auth/sign-in/email`, {
    method: 'POST',
    body: JSON.stringify({ email: 'customer@example.com', password: PASSWORD }),
  })
}

let addresses = 0
function signUpSomebody() {
  addresses += 1
  return send(`${server.url}/api/auth/sign-up/email`, {
    method: 'POST',
    body: JSON.stringify({
      email: `new${addresses}@example.com`,
      name: 'New',
      password: 'another long password',
    }),
  })
}

const subscription = () =>
  send(`${server.url}/api/billing/subscription`, { headers: { cookie: customer.cookie } })

let uses = 0
const writes = {
  consume: () => {
    uses += 1
    return consume(`use ${uses}`)
  },
  signIn,
  signUp: signUpSomebody,
}
const calls = { ...writes, subscription }

async function expectUnavailable(asked: Record<string, () => ReturnType<typeof send>>) {
  for (const [what, ask] of Object.entries(asked)) {
    const { status, errorCode, headers } = await ask()
    const retry = Number(headers.get('retry-after')) > 0
    expect({ what, status, errorCode, retry }).toEqual({
      what,
      status: 503,
      errorCode: 'UNAVAILABLE',
      retry: true,
    })
  }
}

async function expectAllWell() {
  for (const [what, ask] of Object.entries(calls)) {
    await expect
      .poll(async () => ({ what, status: (await ask()).status }))
      .toEqual({
        what,
        status: 200,
      })
  }
}

/** Ends every connection of the server, so that what was set holds for the next ones. */
async function cutConnections() {
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
    ROLE,
  ])
  await expect
    .poll(() =>
      admin
        .query('SELECT FROM pg_stat_activity WHERE usename = $1', [ROLE])
        .then(({ rowCount }) => rowCount),
    )
    .toBe(0)
}

describe('in metering and in sign-in "not now" is 503 with Retry-After, and nothing is written, where', () => {
  test.each([
    [
      'the role has no connection left',
      `ALTER ROLE ${ROLE} CONNECTION LIMIT 0`,
      `ALTER ROLE ${ROLE} CONNECTION LIMIT -1`,
    ],
    [
      'the database has no connection left',
      'ALTER DATABASE $db CONNECTION LIMIT 0',
      'ALTER DATABASE $db CONNECTION LIMIT -1',
    ],
    [
      'the database takes no connections',
      'ALTER DATABASE $db ALLOW_CONNECTIONS false',
      'ALTER DATABASE $db ALLOW_CONNECTIONS true',
    ],
  ])('%s', async (_what, spoil, mend) => {
    const before = await rowCounts(server.core)
    await admin.query(spoil.replace('$db', name()))
    await cutConnections()
    await expectUnavailable(calls)
    expect(await send(`${server.url}/readyz`, {})).toMatchObject({ status: 503 })
    await admin.query(mend.replace('$db', name()))
    expect(await rowCounts(server.core)).toEqual(before)
    await expectAllWell()
  })

  test('the database is read-only', async () => {
    await admin.query(`ALTER DATABASE ${name()} SET default_transaction_read_only = on`)
    await cutConnections()
    await expectUnavailable(writes)
    expect(await send(`${server.url}/readyz`, {})).toMatchObject({
      status: 503,
      body: { reason: 'the database is read-only' },
    })
    await admin.query(`ALTER DATABASE ${name()} RESET default_transaction_read_only`)
    await cutConnections()
    await expectAllWell()
  })

  // What a test can't cause on a machine that is well, PostgreSQL says through a trigger.
  test.each([
    ['disk_full', '53100'],
    ['out_of_memory', '53200'],
    ['configuration_limit_exceeded', '53400'],
    ['admin_shutdown', '57P01'],
    ['cannot_connect_now', '57P03'],
    ['lock_not_available', '55P03'],
    ['query_canceled', '57014'],
    ['serialization_failure', '40001'],
    ['deadlock_detected', '40P01'],
    ['io_error', '58030'],
    ['idle_in_transaction_session_timeout', '25P03'],
    ['transaction_timeout', '25P04'],
  ])('PostgreSQL says %s', async (_what, state) => {
    const owner = new pg.Client({ connectionString: database.url })
    await owner.connect()
    const tables = ['usage', 'auth_sessions', 'auth_users']
    await owner.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '${state}'; END $$`,
    )
    for (const table of tables) {
      await owner.query(`CREATE TRIGGER refuse BEFORE INSERT ON ${table} EXECUTE FUNCTION refuse()`)
    }
    try {
      await expectUnavailable(writes)
    } finally {
      await owner.query('DROP FUNCTION refuse CASCADE')
      await owner.end()
    }
    await expectAllWell()
  })
})
