import { afterEach, describe, expect, it } from 'vitest'
import type { ServerOptions, TestServer } from '../harness.ts'
import { send, startServer } from '../harness.ts'

const HTTPS = 'https://app.tollgate.test'
const lines: string[] = []
let server: TestServer | undefined

afterEach(async () => {
  await server?.close()
  server = undefined
})

async function start(env: NodeJS.ProcessEnv = {}, options: ServerOptions = {}) {
  lines.length = 0
  server = await startServer({ env, onLog: (line) => lines.push(line), ...options })
  return server
}

const warnings = () => lines.filter((line) => line.includes('TRUST_PROXY'))

describe('/metrics', () => {
  const statusOf = async ({ url }: TestServer, headers: Record<string, string> = {}) =>
    (await send(`${url}/metrics`, { headers })).status

  it('is open to this machine where nothing can come from elsewhere', async () => {
    const open = await start()
    expect(await statusOf(open)).toBe(200)
    for (const name of ['x-forwarded-for', 'x-forwarded-proto', 'forwarded', 'x-real-ip']) {
      expect(await statusOf(open, { [name]: '127.0.0.1' })).toBe(403)
    }
  })

  it.each([
    ['behind a proxy, as https says', { APP_URL: HTTPS }],
    ['behind a proxy that is trusted', { TRUST_PROXY: 'loopback' }],
    ['on a host that others reach', { HOST: '0.0.0.0' }],
  ])('is shut without a token %s', async (_where, env) => {
    expect(await statusOf(await start(env))).toBe(403)
  })

  it('opens to the token everywhere', async () => {
    const env = { APP_URL: HTTPS, TRUST_PROXY: 'loopback', METRICS_TOKEN: 'the token' }
    const shut = await start(env)
    expect(await statusOf(shut)).toBe(403)
    expect(await statusOf(shut, { authorization: 'Bearer the token' })).toBe(200)
  })
})

describe('forwarded headers', () => {
  it('are ignored from anybody where nobody is trusted, and the log says so once', async () => {
    const { url } = await start()
    for (const caller of ['203.0.113.1', '203.0.113.2']) {
      await send(`${url}/healthz`, { headers: { 'x-forwarded-for': caller } })
      await send(`${url}/api/billing/nothing`, { headers: { 'x-forwarded-for': caller } })
    }
    expect(warnings()).toHaveLength(1)
    expect(lines.filter((line) => line.includes('"ip":"127.0.0.1"'))).toHaveLength(2)
    expect(lines.join('')).not.toContain('203.0.113')
  })

  it('of a trusted proxy say who calls', async () => {
    const { url } = await start({ TRUST_PROXY: '127.0.0.1' })
    await send(`${url}/api/billing/nothing`, {
      headers: { 'x-forwarded-for': '9.9.9.9, 203.0.113.1' },
    })
    expect(lines.filter((line) => line.includes('"ip":"203.0.113.1"'))).toHaveLength(1)
    expect(warnings()).toEqual([])
  })
})

describe('sign-in', () => {
  const production = { NODE_ENV: 'production', APP_URL: HTTPS }

  /** The status of a sign-up, as somebody at this address sends it. */
  async function signUp({ url }: TestServer, n: number, headers: Record<string, string>) {
    const body = JSON.stringify({
      email: `${n}@example.com`,
      name: 'N',
      password: 'a long password',
    })
    const init = { method: 'POST', headers: { origin: HTTPS, ...headers }, body }
    return (await send(`${url}/api/auth/sign-up/email`, init)).status
  }

  async function guess({ url }: TestServer, headers: Record<string, string>) {
    const { status } = await send(`${url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ email: 'somebody@example.com', password: 'a guess' }),
    })
    return status
  }

  it('is for as many addresses as there are, behind a trusted proxy', async () => {
    const proxied = await start({ ...production, TRUST_PROXY: 'loopback' })
    for (let n = 1; n <= 14; n++) {
      expect(await signUp(proxied, n, { 'x-forwarded-for': `203.0.113.${n}` })).toBe(200)
    }
  })

  it('has its limit for one address, whatever headers it makes up', async () => {
    const direct = await start(production)
    const statuses: number[] = []
    for (let n = 1; n <= 14; n++) {
      const forged = { 'x-forwarded-for': `203.0.113.${n}`, authorization: `Bearer tg_${n}` }
      statuses.push(await guess(direct, forged))
    }
    expect(statuses.slice(0, 5)).toEqual(Array(5).fill(401))
    expect(statuses).toContain(429)
  })
})
