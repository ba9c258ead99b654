import { ManualClock } from '@tollgate/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyOf } from '../../src/auth/limits/attempts.ts'
import type { TestServer } from '../harness.ts'
import { APP_URL, startServer } from '../harness.ts'
import { Visitor } from './visitor.ts'

const MINUTE_MS = 60_000
const clock = new ManualClock('2026-11-15T12:00:00.000Z')
let server: TestServer

beforeAll(async () => {
  server = await startServer({
    clock,
    env: { NODE_ENV: 'production', APP_URL: 'https://app.example.com', TRUSTED_ORIGINS: APP_URL },
  })
})
afterAll(() => server.close())

let next = 1
/** An account that was made at an address of its own. */
async function account(): Promise<{ email: string; home: string }> {
  const email = `guessed${next}@example.com`
  const home = `127.1.0.${next++}`
  await new Visitor(server, home).signUp(email)
  return { email, home }
}

async function guess(email: string, address: string, times: number): Promise<number[]> {
  const visitor = new Visitor(server, address)
  const statuses: number[] = []
  for (let i = 0; i < times; i++) statuses.push(await visitor.signIn(email, `wrong ${i}`))
  return statuses
}

/** As if so many wrong passwords had come: each takes a processor some time. */
async function cameBefore(key: string, count: number): Promise<void> {
  const { rowCount } = await server.core.db.pool.query(
    'UPDATE auth_attempts SET count = $2 WHERE key = $1',
    [key, count],
  )
  expect(rowCount).toBe(1)
}

describe('wrong passwords', () => {
  it('are answered ten times from a place, then with 429 and when to come back', async () => {
    const { email } = await account()
    expect(await guess(email, '127.0.1.1', 11)).toEqual([...Array(10).fill(401), 429])
    const visitor = new Visitor(server, '127.0.1.1')
    const refused = await visitor.auth('sign-in/email', { email, password: 'wrong again' })
    expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_TRIES' } })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(60)
    expect(await visitor.signIn(email)).toBe(429)
    clock.advance(15 * MINUTE_MS)
    expect(await visitor.signIn(email)).toBe(200)
  })

  it('never lock the right password out at another place, known or not', async () => {
    const { email, home } = await account()
    await guess(email, '127.0.2.1', 12)
    expect(await new Visitor(server, home).signIn(email)).toBe(200)
    expect(await new Visitor(server, '127.0.2.2').signIn(email)).toBe(200)
  })

  it('are the same for an account that does not exist', async () => {
    const [known, unknown] = [(await account()).email, 'nobody@example.com']
    expect(await guess(unknown, '127.0.3.1', 11)).toEqual(await guess(known, '127.0.3.2', 11))
  })

  it('are not more than the limit when they come at once', async () => {
    const { email } = await account()
    const visitors = Array.from({ length: 20 }, () => new Visitor(server, '127.0.4.1'))
    const statuses = await Promise.all(visitors.map((each, i) => each.signIn(email, `wrong ${i}`)))
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  })

  it('for many accounts from one address meet a limit, which leaves accounts alone that know the address', async () => {
    const { email } = await account()
    const address = '127.0.5.1'
    const visitor = new Visitor(server, address)
    await visitor.signIn(email)
    const guessed = (i: number) => visitor.signIn(`many${i}@example.com`, 'wrong')
    expect(await guessed(1)).toBe(401)
    await cameBefore(keyOf('network', address), 99)
    expect([await guessed(2), await guessed(3)]).toEqual([401, 429])
    expect(await visitor.signIn(email)).toBe(200)
  })

  it('from many places leave a place that the account does not know one guess, and known ones all', async () => {
    const { email, home } = await account()
    await guess(email, '127.0.6.9', 1)
    await cameBefore(keyOf('account', email), 100)
    expect(await guess(email, '127.0.6.1', 2)).toEqual([401, 429])
    expect(await new Visitor(server, '127.0.6.2').signIn(email)).toBe(200)
    expect(await guess(email, home, 10)).toEqual(Array(10).fill(401))
    clock.advance(60 * MINUTE_MS)
    expect(await new Visitor(server, '127.0.6.1').signIn(email)).toBe(200)
  })
})

it('right passwords do not count: fourteen accounts sign in from one address', async () => {
  const accounts: Awaited<ReturnType<typeof account>>[] = []
  for (let i = 0; i < 14; i++) accounts.push(await account())
  for (const { email } of accounts) {
    expect(await new Visitor(server, '127.0.7.1').signIn(email)).toBe(200)
  }
})

it('a made-up Authorization header, and made-up addresses in headers, lift no limit', async () => {
  const { email } = await account()
  const statuses: number[] = []
  for (let i = 0; i < 11; i++) {
    const visitor = new Visitor(server, '127.0.8.1', {
      authorization: `Bearer tg_${'x'.repeat(43)}`,
      'x-forwarded-for': `203.0.113.${i}`,
      'x-real-ip': `203.0.113.${i}`,
      'x-tollgate-client-ip': `203.0.113.${i}`,
    })
    statuses.push(await visitor.signIn(email, `wrong ${i}`))
  }
  expect(statuses).toEqual([...Array(10).fill(401), 429])
})

describe.each(['verify-password', 'change-password', 'change-email', 'delete-user'])(
  '%s, which compares a password,',
  (path) => {
    it('is limited for a session, and leaves the owner’s other session alone', async () => {
      const { email, home } = await account()
      const [thief, owner] = [new Visitor(server, home), new Visitor(server, home)]
      await thief.signIn(email)
      await owner.signIn(email)
      const wrong = { password: 'wrong', currentPassword: 'wrong', newPassword: 'another long one' }
      const statuses: number[] = []
      for (let i = 0; i < 11; i++) statuses.push((await thief.auth(path, wrong)).status)
      // Without mail, an address can't be changed at all.
      if (path === 'change-email') return expect(statuses).toEqual(Array(11).fill(400))
      expect(statuses).toEqual([...Array(10).fill(400), 429])
      expect((await owner.auth('verify-password', { password: 'a long password' })).status).toBe(
        200,
      )
    })
  },
)
