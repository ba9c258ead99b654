import { createTestDatabase, type TestDatabase } from '@tollgate/testing'
import {
  discard,
  type Installation,
  newInstallation,
  printed,
  processesOf,
  startProcess,
  stop,
} from '@tollgate/testing/product'
import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const STRIPE = {
  STRIPE_SECRET_KEY: 'sk_test_of_the_caller',
  STRIPE_WEBHOOK_SECRET: 'whsec_of_the_caller',
}
const AUTH_SECRET = 'a secret of the caller, of 32 characters or more'

// Real processes on a machine that may be busy: no test waits for a time, so this is only for what hangs.
vi.setConfig({ testTimeout: 180_000 })

let installation: Installation
let database: TestDatabase

beforeEach(async () => {
  installation = await newInstallation()
  database = await createTestDatabase()
})

afterEach(async () => {
  await discard(installation)
  await database.drop()
})

async function connectionsTo(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ count: string }>(
    'select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  await client.end()
  return Number(rows[0]?.count)
}

test.each([
  ['', {}],
  [', in production too', { NODE_ENV: 'production', APP_URL: 'https://billing.example.com' }],
])(
  "the caller's DATABASE_URL reaches the server%s, and nothing embedded is started",
  async (_, env) => {
    const own = { ...STRIPE, AUTH_SECRET, DATABASE_URL: database.url }
    const started = startProcess({ ...installation, ...own, ...env })
    await printed(started, 'Ctrl-C stops everything')
    expect((await fetch(`http://127.0.0.1:${installation.PORT}/readyz`)).status).toBe(200)
    expect(await connectionsTo(database.url)).toBeGreaterThan(0)
    const programs = [...processesOf(installation).values()]
    expect(programs.filter((command) => /postgres|emulator|agent/.test(command))).toEqual([])
    expect(await stop(started)).toBe(0)
    expect(processesOf(installation)).toEqual(new Map())
  },
)

test('production without its variables says what is missing, a line each, and stops', async () => {
  const started = startProcess({ ...installation, NODE_ENV: 'production' })
  expect(await started.ended).toBe(1)
  const lines = started.output().split('\n')
  for (const name of ['APP_URL', 'AUTH_SECRET', 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET']) {
    expect(lines.filter((line) => line.startsWith(`${name} `))).toHaveLength(1)
  }
  expect(started.output()).not.toMatch(/^\s+at /m)
})

test('production on the embedded PostgreSQL is allowed with a warning, and has no demo', async () => {
  const env = {
    NODE_ENV: 'production',
    APP_URL: 'https://billing.example.com',
    AUTH_SECRET,
    ...STRIPE,
  }
  const started = startProcess({ ...installation, ...env })
  await printed(started, 'Ctrl-C stops everything')
  expect(started.output()).toContain('Warning: no DATABASE_URL in production')
  expect(started.output()).not.toContain('Customer ')
  expect(await stop(started)).toBe(0)
})

test.each([
  ['a host that others can reach', { HOST: '0.0.0.0' }],
  ['a database of its own', { DATABASE_URL: 'postgresql://127.0.0.1/own' }],
])(
  'with %s there is no local Stripe and no generated secret: they are asked for',
  async (_, env) => {
    const started = startProcess({ ...installation, ...env })
    expect(await started.ended).toBe(1)
    expect(started.output()).toMatch(/^STRIPE_SECRET_KEY is missing/m)
    expect(started.output()).toMatch(/^AUTH_SECRET is missing/m)
  },
)

test('malformed variables are told a line each, without their value', async () => {
  const started = startProcess({ ...installation, PORT: 'abc', LOG_LEVEL: 'loud' })
  expect(await started.ended).toBe(1)
  expect(started.output()).toMatch(/^PORT /m)
  expect(started.output()).toMatch(/^LOG_LEVEL /m)
  expect(started.output()).not.toContain('loud')
})
