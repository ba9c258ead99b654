import { banAccount, createCheckout, grantAdmin, pushPlans, unbanAccount } from '@tollgate/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestServer } from '../harness.ts'
import { startServer } from '../harness.ts'
import { PASSWORD, startWithOutbox, Visitor } from './visitor.ts'

const NEXT_PASSWORD = 'quite another password'
let server: TestServer

beforeAll(async () => {
  server = await startWithOutbox()
  await pushPlans(server.core, { dryRun: false })
})
afterAll(() => server.close())

let next = 1
async function signedUp() {
  const email = `account${next++}@example.com`
  const visitor = new Visitor(server)
  return { email, visitor, userId: await visitor.signUp(email) }
}

async function alsoSignedIn(email: string): Promise<Visitor> {
  const visitor = new Visitor(server)
  await visitor.signIn(email)
  return visitor
}

describe('a password', () => {
  it('is changed with the old one; every other session ends, whatever the caller says', async () => {
    const { email, visitor } = await signedUp()
    const other = await alsoSignedIn(email)
    const change = { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD }
    expect(
      await visitor.auth('change-password', { ...change, currentPassword: 'wrong' }),
    ).toMatchObject({ status: 400 })
    expect(await other.whoAmI()).toMatchObject({ email })
    const answer = await visitor.auth('change-password', { ...change, revokeOtherSessions: false })
    expect(answer.status).toBe(200)
    expect(await visitor.whoAmI()).toMatchObject({ email })
    expect(await other.whoAmI()).toBeNull()
    expect(await other.signIn(email)).toBe(401)
    expect(await other.signIn(email, NEXT_PASSWORD)).toBe(200)
  })

  it('is reset by a mail, once; every session ends, and the other links die', async () => {
    const { email, visitor } = await signedUp()
    await visitor.auth('request-password-reset', { email })
    const first = await visitor.mailed(email, 'new password')
    await visitor.auth('request-password-reset', { email })
    expect(
      await visitor.auth('reset-password', { token: first, newPassword: NEXT_PASSWORD }),
    ).toMatchObject({ status: 200 })
    expect(await visitor.whoAmI()).toBeNull()
    expect(await visitor.signIn(email, NEXT_PASSWORD)).toBe(200)
    const { rows } = await server.core.db.pool.query('SELECT FROM auth_verifications')
    expect(rows).toEqual([])
    expect(
      await visitor.auth('reset-password', { token: first, newPassword: PASSWORD }),
    ).toMatchObject({ status: 400 })
    await visitor.mailed(email, 'was changed')
  })

  it('that is changed while the old one signs in leaves the old one no session', async () => {
    const { email, visitor, userId } = await signedUp()
    const { pool } = server.core.db
    const change = await pool.connect()
    await change.query('BEGIN')
    await change.query(`UPDATE auth_accounts SET password = 'another' WHERE user_id = $1`, [userId])
    const signIn = visitor.signIn(email)
    await expect
      .poll(async () => {
        const { rowCount } = await pool.query(
          `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        )
        return rowCount
      })
      .toBe(1)
    await change.query('COMMIT')
    change.release()
    expect(await signIn).toBe(401)
    const { rows } = await pool.query('SELECT FROM auth_sessions WHERE user_id = $1', [userId])
    expect(rows).toEqual([])
  })

  it('is not kept by a link that was mailed before it was changed', async () => {
    const { email, visitor } = await signedUp()
    await visitor.auth('request-password-reset', { email })
    const token = await visitor.mailed(email, 'new password')
    await visitor.auth('change-password', { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD })
    expect(await visitor.auth('reset-password', { token, newPassword: PASSWORD })).toMatchObject({
      status: 400,
    })
  })

  it('forgotten answers the same for an account and for none', async () => {
    const { email, visitor } = await signedUp()
    const [known, unknown] = [
      await visitor.auth('request-password-reset', { email }),
      await visitor.auth('request-password-reset', { email: 'nobody@example.com' }),
    ]
    expect(unknown.status).toBe(known.status)
    expect(unknown.body).toEqual(known.body)
  })

  it('is not stored in a link: a copy of the database opens no account', async () => {
    const { email, visitor } = await signedUp()
    await visitor.auth('request-password-reset', { email })
    const token = await visitor.mailed(email, 'new password')
    const { rows } = await server.core.db.pool.query('SELECT * FROM auth_verifications')
    expect(rows).not.toHaveLength(0)
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  it.each(['password1', 'Qwertyuiop', '12345678', 'aaaaaaaaaa', 'passwordpassword', 'short'])(
    'is refused when it is common or short, wherever one is set: %s',
    async (weak) => {
      const { email, visitor } = await signedUp()
      const stranger = new Visitor(server)
      const name = 'Somebody'
      await visitor.auth('request-password-reset', { email })
      const token = await visitor.mailed(email, 'new password')
      for (const answer of [
        await stranger.auth('sign-up/email', {
          email: `weak${next++}@example.com`,
          name,
          password: weak,
        }),
        await visitor.auth('change-password', { currentPassword: PASSWORD, newPassword: weak }),
        await visitor.auth('reset-password', { token, newPassword: weak }),
      ]) {
        expect(answer).toMatchObject({ status: 400, body: { message: expect.any(String) } })
      }
      expect(await stranger.signIn(email)).toBe(200)
    },
  )
})

describe('an e-mail address', () => {
  it('is verified by a mail that signing up sends', async () => {
    const { email, visitor } = await signedUp()
    expect(await visitor.whoAmI()).toMatchObject({ emailVerified: false })
    const token = await visitor.mailed(email, 'confirm')
    expect(await visitor.get(`/api/auth/verify-email?token=${token}`)).toMatchObject({
      status: 200,
    })
    expect(await visitor.whoAmI()).toMatchObject({ emailVerified: true })
    await grantAdmin(server.core, { email })
  })

  it('is changed with the password, once mail to the new one was answered; the old one is told', async () => {
    const { email, visitor, userId } = await signedUp()
    const newEmail = `new-${email}`
    expect(await visitor.auth('change-email', { newEmail })).toMatchObject({ status: 400 })
    expect(await visitor.auth('change-email', { newEmail, password: 'wrong' })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_PASSWORD' },
    })
    expect(await visitor.auth('change-email', { newEmail, password: PASSWORD })).toMatchObject({
      status: 200,
    })
    expect(await visitor.whoAmI()).toMatchObject({ email })
    await visitor.mailed(email, 'about to change')
    await visitor.auth('request-password-reset', { email })
    const old = await visitor.mailed(email, 'new password')

    const token = await visitor.mailed(newEmail, 'confirm')
    expect(await visitor.get(`/api/auth/verify-email?token=${token}`)).toMatchObject({
      status: 200,
    })
    expect(await visitor.whoAmI()).toMatchObject({ email: newEmail, emailVerified: true })
    const { rows } = await server.core.db.pool.query('SELECT email FROM users WHERE id = $1', [
      userId,
    ])
    expect(rows).toEqual([{ email: newEmail }])
    expect(
      await visitor.auth('reset-password', { token: old, newPassword: NEXT_PASSWORD }),
    ).toMatchObject({ status: 400 })
  })

  it('of somebody else is never taken, and the answer does not say that it is one', async () => {
    const [one, other] = [await signedUp(), await signedUp()]
    const ask = (newEmail: string) =>
      one.visitor.auth('change-email', { newEmail, password: PASSWORD })
    const [taken, free] = [await ask(other.email), await ask(`free-${one.email}`)]
    expect(taken).toMatchObject({ status: free.status, body: free.body })
    // Free when it was asked for, taken when the link is opened.
    const token = await one.visitor.mailed(`free-${one.email}`, 'confirm')
    await new Visitor(server).signUp(`free-${one.email}`)
    const answer = await one.visitor.get(`/api/auth/verify-email?token=${token}`)
    expect(answer).toMatchObject({ status: 422 })
    expect(await one.visitor.whoAmI()).toMatchObject({ email: one.email })
  })

  it('gets at most five mails of a kind in an hour', async () => {
    const { email, visitor } = await signedUp()
    for (let i = 0; i < 8; i++) await visitor.auth('request-password-reset', { email })
    const { body } = await visitor.get('/api/outbox', { host: 'localhost:3000' })
    const mails = (body['mails'] as { to: string; subject: string }[]).filter(
      ({ to, subject }) => to === email && subject.includes('new password'),
    )
    expect(mails.length).toBeLessThanOrEqual(5)
  })
})

it('sessions are listed, and ended one by one or all but this one', async () => {
  const { email, visitor } = await signedUp()
  const [second, third, fourth] = [
    await alsoSignedIn(email),
    await alsoSignedIn(email),
    await alsoSignedIn(email),
  ]
  const list = async () =>
    (await visitor.get('/api/auth/list-sessions')).body['list'] as {
      token: string
      createdAt: string
    }[]
  expect(await list()).toHaveLength(4)
  const own = (await visitor.get('/api/auth/get-session')).body['session'] as { token: string }
  const secondOwn = (await second.get('/api/auth/get-session')).body['session'] as { token: string }
  await visitor.auth('revoke-session', { token: secondOwn.token })
  expect(await second.whoAmI()).toBeNull()
  expect(await third.whoAmI()).not.toBeNull()
  await visitor.auth('revoke-other-sessions', {})
  expect(await fourth.whoAmI()).toBeNull()
  expect((await list()).map(({ token }) => token)).toEqual([own.token])
})

it('nobody ends the session of somebody else', async () => {
  const [one, other] = [await signedUp(), await signedUp()]
  const { token } = (await other.visitor.get('/api/auth/get-session')).body['session'] as {
    token: string
  }
  await one.visitor.auth('revoke-session', { token })
  expect(await other.visitor.whoAmI()).toMatchObject({ email: other.email })
})

describe('deleting an account', () => {
  it('wants the password, ends every session, and frees the address', async () => {
    const { email, visitor, userId } = await signedUp()
    await createCheckout(server.core, { userId, plan: 'basic' })
    const other = await alsoSignedIn(email)
    expect(await visitor.auth('delete-user', {})).toMatchObject({
      status: 400,
      body: { code: 'INVALID_PASSWORD' },
    })
    expect(await visitor.auth('delete-user', { password: 'wrong' })).toMatchObject({ status: 400 })
    expect(await visitor.auth('delete-user', { password: PASSWORD })).toMatchObject({ status: 200 })
    expect(await visitor.whoAmI()).toBeNull()
    expect(await other.whoAmI()).toBeNull()
    await visitor.mailed(email, 'was deleted')
    const { rows } = await server.core.db.pool.query(
      'SELECT actor_kind, actor_id, action FROM audit_log WHERE user_id = $1',
      [userId],
    )
    expect(rows).toEqual([{ actor_kind: 'user', actor_id: userId, action: 'account.erase' }])
    expect(await new Visitor(server).signUp(email)).not.toBe(userId)
  })

  it('is refused to an admin, in words', async () => {
    const { visitor, userId, email } = await signedUp()
    await grantAdmin(server.core, { userId })
    expect(await visitor.auth('delete-user', { password: PASSWORD })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('admin role') },
    })
    expect(await visitor.whoAmI()).toMatchObject({ email })
  })
})

it('a banned account is signed out at once, and its sign-in says why, to the right password alone', async () => {
  const { email, visitor, userId } = await signedUp()
  const action = { userId, actor: { kind: 'admin', id: 'x' }, reason: 'a test' } as const
  await banAccount(server.core, action)
  expect(await visitor.whoAmI()).toBeNull()
  expect(await visitor.get('/api/billing/subscription')).toMatchObject({ status: 401 })
  const signIn = (password: string) => visitor.auth('sign-in/email', { email, password })
  expect(await signIn(PASSWORD)).toMatchObject({ status: 403, body: { code: 'ACCOUNT_BANNED' } })
  expect(await signIn('wrong')).toMatchObject({ status: 401 })
  await unbanAccount(server.core, action)
  expect(await signIn(PASSWORD)).toMatchObject({ status: 200 })
})

it.each([
  'sign-in/social',
  'link-social',
  'update-session',
  'unlink-account',
  'delete-user/callback',
  'sign-in/email/',
])('/api/auth/%s is not there', async (path) => {
  expect(await new Visitor(server).auth(path, {})).toMatchObject({ status: 404 })
})

describe('the outbox', () => {
  it('is shown to this machine’s own browser alone', async () => {
    const visitor = new Visitor(server)
    const ask = async (headers: Record<string, string>) =>
      (await visitor.get('/api/outbox', headers)).status
    expect(await ask({ host: 'localhost:3000' })).toBe(200)
    expect(await ask({ host: '127.0.0.1:3000' })).toBe(200)
    expect(await ask({ host: 'evil.example' })).toBe(404)
    expect(await ask({ host: '127.0.0.1.evil.example' })).toBe(404)
    expect(await ask({ host: 'localhost:3000', 'x-forwarded-for': '203.0.113.1' })).toBe(404)
  })

  it('does not exist under a public address or in production, and what needs mail says so', async () => {
    for (const env of [
      {},
      {
        NODE_ENV: 'production',
        APP_URL: 'https://app.example.com',
        TRUSTED_ORIGINS: 'http://app.tollgate.test',
      },
    ]) {
      const other = await startServer({ env })
      const visitor = new Visitor(other)
      expect(await visitor.get('/api/sign-in')).toMatchObject({
        body: { signIn: 'password', mail: 'none' },
      })
      expect(await visitor.get('/api/outbox', { host: 'localhost:3000' })).toMatchObject({
        status: 404,
      })
      for (const [path, body] of [
        ['request-password-reset', { email: 'a@example.com' }],
        ['send-verification-email', { email: 'a@example.com' }],
      ] as const) {
        expect(await visitor.auth(path, body)).toMatchObject({
          status: 400,
          body: { code: 'MAIL_NOT_SET_UP' },
        })
      }
      await other.close()
    }
  })
})
