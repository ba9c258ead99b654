import { grantAdmin } from '@tollgate/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestServer } from './harness.ts'
import { APP_URL, send, signUp, startServer } from './harness.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})

afterAll(() => server.close())

function auth(path: string, body: object, headers: Record<string, string> = {}) {
  return send(`${server.url}/api/auth/${path}`, {
    method: 'POST',
    headers: { origin: APP_URL, ...headers },
    body: JSON.stringify(body),
  })
}

const session = (cookie: string) =>
  send(`${server.url}/api/auth/get-session`, { headers: { cookie } })

it('signing up makes an account, its billing subject and a session', async () => {
  const { userId, cookie } = await signUp(server, 'one@example.com')
  expect(await session(cookie)).toMatchObject({
    body: { user: { id: userId, email: 'one@example.com', role: 'customer', demo: false } },
  })
  const { rows } = await server.core.db.pool.query('SELECT kind, email FROM users WHERE id = $1', [
    userId,
  ])
  expect(rows).toEqual([{ kind: 'account', email: 'one@example.com' }])
})

it('more people sign up at once than there are connections', async () => {
  const many = Array.from({ length: 25 }, (_, i) => signUp(server, `crowd${i}@example.com`))
  expect(new Set((await Promise.all(many)).map(({ userId }) => userId)).size).toBe(25)
})

it('nobody signs up as an admin or a demo, or makes themselves one later', async () => {
  const email = 'two@example.com'
  const wished = { email, name: 'Two', password: 'a long password', role: 'admin', demo: true }
  await auth('sign-up/email', wished)
  const { cookie } = await signUp(server, 'three@example.com')
  await auth('update-user', { role: 'admin', name: 'Three' }, { cookie })
  const { rows } = await server.core.db.pool.query(
    'SELECT email FROM auth_users WHERE role = $1 OR demo',
    ['admin'],
  )
  expect(rows).toEqual([])
})

it('a role counts from the next call on, in sessions that are open', async () => {
  const { userId, cookie } = await signUp(server, 'four@example.com')
  const users = () => send(`${server.url}/api/billing/admin/users`, { headers: { cookie } })
  expect(await users()).toMatchObject({ errorCode: 'FORBIDDEN' })
  await grantAdmin(server.core, { userId })
  expect(await users()).toMatchObject({ status: 200 })
})

it('after signing out the cookie is worth nothing', async () => {
  const { cookie } = await signUp(server, 'five@example.com')
  expect(await auth('sign-out', {}, { cookie })).toMatchObject({ status: 200 })
  expect(
    await send(`${server.url}/api/billing/subscription`, { headers: { cookie } }),
  ).toMatchObject({
    errorCode: 'UNAUTHENTICATED',
  })
})

it('a program without an Origin may sign in; a page of a foreign origin may not', async () => {
  await signUp(server, 'six@example.com')
  const body = JSON.stringify({ email: 'six@example.com', password: 'a long password' })
  const url = `${server.url}/api/auth/sign-in/email`
  expect(await send(url, { method: 'POST', body })).toMatchObject({ status: 200 })
  const headers = { origin: 'https://evil.example' }
  expect(await send(url, { method: 'POST', headers, body })).toMatchObject({ status: 403 })
})

it('a wrong password is 401, for an unknown address too', async () => {
  for (const email of ['one@example.com', 'unknown@example.com']) {
    const answer = await auth('sign-in/email', { email, password: 'a wrong password' })
    expect(answer.status).toBe(401)
  }
})

it.each(['sign-up/email', 'sign-in/email', 'reset-password'])(
  'a NUL in what is sent to %s is VALIDATION, and a backslash before u0000 is none',
  async (path) => {
    const body = { email: 'seven@example.com', name: 'a\\u0000', password: 'a long password' }
    expect(await auth(path, { ...body, token: 'a\0' })).toMatchObject({
      status: 400,
      errorCode: 'VALIDATION',
    })
    expect(await auth(path, body)).not.toMatchObject({ errorCode: 'VALIDATION' })
  },
)

it.each(['list-users', 'set-role', 'impersonate-user', 'create-user'])(
  '/api/auth/admin/%s is not there',
  async (path) => {
    expect(await auth(`admin/${path}`, {})).toMatchObject({ status: 404 })
  },
)

it('rate limits are kept in the database, by the address of the connection and not by a header', async () => {
  const { pool } = server.core.db
  await pool.query('DELETE FROM auth_rate_limits')
  for (const address of ['203.0.113.1', '203.0.113.2']) {
    const headers = { 'x-forwarded-for': address, 'x-tollgate-client-ip': address }
    await auth('sign-in/email', { email: 'one@example.com', password: 'wrong' }, headers)
  }
  const { rows } = await pool.query('SELECT key, count FROM auth_rate_limits')
  expect(rows).toEqual([{ key: expect.stringContaining('127.0.0.1'), count: 2 }])
})
