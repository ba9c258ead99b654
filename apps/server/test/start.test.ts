import { createServer } from 'node:http'
import { createTestDatabase, freePort } from '@tollgate/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Link } from './flaky-link.ts'
import { openLink } from './flaky-link.ts'
import { environment, run, startProcess, statusOf } from './server-process.ts'

let database: Awaited<ReturnType<typeof createTestDatabase>>

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database.drop())

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await work(client)
  await client.end()
}

/** One line on stderr, nothing that looks like a stack, and exit code 1. */
async function refusal(env: NodeJS.ProcessEnv): Promise<string[]> {
  const { code, stderr } = await (await run('main', { env })).ended
  expect(code).toBe(1)
  expect(stderr).not.toMatch(/^\s+at /m)
  return stderr.trim().split('\n')
}

describe('a server that can not run says why, and ends with 1', () => {
  it('with a line for each variable that is missing', async () => {
    const lines = await refusal({ NODE_ENV: 'production' })
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'APP_URL',
      'AUTH_SECRET',
      'DATABASE_URL',
      'STRIPE_SECRET_KEY',
      'STRIPE_WEBHOOK_SECRET',
    ])
  })

  it('when its port is taken: which, and what to set', async () => {
    const other = createServer()
    const port = await freePort()
    await new Promise<void>((resolve) => {
      other.listen(port, '127.0.0.1', resolve)
    })
    const lines = await refusal(environment(database.url, { PORT: String(port) }))
    other.close()
    expect(lines).toEqual([`Port ${port} is in use: set PORT to another port`])
  })

  it('when a meter with use would reset otherwise; told to accept it, it starts', async () => {
    await withClient(database.url, async (client) => {
      await client.query(
        `INSERT INTO users (id, kind, email) VALUES ('u', 'subject', 'u@example.com')`,
      )
      await client.query(`INSERT INTO usage_counters (user_id, meter, period, used, day_amounts, day_events)
        VALUES ('u', 'tokens', '2026-11-30', 1, '{1}', '{1}')`)
      await client.query(`INSERT INTO meter_resets (meter, resets) VALUES ('tokens', 'day')
        ON CONFLICT (meter) DO UPDATE SET resets = EXCLUDED.resets`)
    })
    const lines = await refusal(environment(database.url, { PORT: '0' }))
    expect(lines.join()).toContain("meters.tokens.resets: was 'day' and is 'month' now")
    const server = await startProcess(database.url, {}, ['--accept-resets'])
    server.signal('SIGTERM')
    expect((await server.ended).code).toBe(0)
    const again = await startProcess(database.url)
    again.signal('SIGTERM')
    expect((await again.ended).code).toBe(0)
  })

  it('when the database does not know it', async () => {
    const url = new URL(database.url)
    url.pathname = '/nowhere'
    const lines = await refusal(environment(url.href, { PORT: '0' }))
    expect(lines).toEqual([expect.stringContaining('"nowhere" does not exist')])
  })
})

describe('a server that starts before its database', () => {
  let link: Link

  it('waits for it, UNAVAILABLE meanwhile, and serves once it is there', async () => {
    link = await openLink(database.url)
    await link.cut()
    const port = await freePort()
    const env = environment(link.url, { PORT: String(port) })
    const server = await run('main', { env })
    const url = `http://127.0.0.1:${port}`
    while ((await statusOf(`${url}/healthz`)) !== 200);
    expect(await statusOf(`${url}/readyz`)).toBe(503)
    expect(await (await fetch(`${url}/api/trpc/billing.plans`)).json()).toMatchObject({
      error: { data: { errorCode: 'UNAVAILABLE' } },
    })
    await link.mend()
    while ((await statusOf(`${url}/readyz`)) !== 200);
    expect(await statusOf(`${url}/api/billing/plans`)).toBe(200)
    server.child.kill('SIGINT')
    expect(await server.ended).toMatchObject({ code: 0 })
    await link.cut()
  })
})

describe('the command line', () => {
  const cli = async (args: string[], { env = {}, input = '' } = {}) => {
    const command = await run('tollgate', { env: environment(database.url, env), args, input })
    return command.ended
  }
  const passwords = JSON.stringify({ customerPassword: 'customer one', adminPassword: 'admin one' })

  it('makes a key that the server knows, with what it may do', async () => {
    const made = await cli([
      'keys',
      'create',
      '--name',
      'app',
      '--scopes',
      'billing:read',
      '--json',
    ])
    expect(made).toMatchObject({ code: 0 })
    const { key } = JSON.parse(made.stdout) as { key: string }
    const server = await startProcess(database.url)
    const headers = { authorization: `Bearer ${key}` }
    const known = await fetch(`${server.url}/api/billing/quota?userId=nobody`, { headers })
    expect(await known.json()).toMatchObject({ errorCode: 'USER_NOT_FOUND' })
    server.signal('SIGTERM')
    await server.ended
  })

  it.each([
    ['an unknown scope', ['keys', 'create', '--name', 'x', '--scopes', 'usage:all'], /usage:all/],
    ['no name', ['keys', 'create', '--scopes', 'usage:read'], /--name/],
    ['nobody', ['admin', 'grant', 'nobody@example.com'], /nobody@example.com/],
    ['an unknown command', ['frobnicate'], /frobnicate/],
  ])('told of %s, it says so and ends with 1', async (_what, args, says) => {
    const { code, stderr } = await cli(args)
    expect(code).toBe(1)
    expect(stderr).toMatch(says)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  it('makes demo accounts, again and again with the passwords given last, for sign-in', async () => {
    expect(await cli(['demo', '--json'], { input: passwords })).toMatchObject({ code: 0 })
    const again = JSON.stringify({ customerPassword: 'customer two', adminPassword: 'admin two' })
    const made = await cli(['demo', '--json'], { input: again })
    const { customerEmail, adminEmail } = JSON.parse(made.stdout) as Record<string, string>
    const server = await startProcess(database.url)
    const signIn = (email: string | undefined, password: string) =>
      fetch(`${server.url}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      })
    expect((await signIn(customerEmail, 'customer one')).status).toBe(401)
    expect(await (await signIn(customerEmail, 'customer two')).json()).toMatchObject({
      user: { role: 'customer', demo: true },
    })
    expect(await (await signIn(adminEmail, 'admin two')).json()).toMatchObject({
      user: { role: 'admin', demo: true },
    })
    server.signal('SIGTERM')
    await server.ended
  })

  it.each<[what: string, env: NodeJS.ProcessEnv]>([
    ['Stripe is not local', { STRIPE_API_BASE: 'https://stripe.example.com' }],
    ['the server is not local', { HOST: '0.0.0.0' }],
    ['it is production', { NODE_ENV: 'production', APP_URL: 'https://a.example.com' }],
  ])('makes no demo accounts where %s', async (_what, env) => {
    expect(await cli(['demo'], { env, input: passwords })).toMatchObject({ code: 1 })
  })

  it('is why production refuses to start on a database with demo accounts, in one line', async () => {
    const production = { NODE_ENV: 'production', APP_URL: 'https://a.example.com', PORT: '0' }
    const lines = await refusal(environment(database.url, production))
    expect(lines).toEqual([expect.stringContaining('demo accounts')])
  })
})
