import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestServer } from '../harness.ts'
import { APP_URL } from '../harness.ts'
import { startWithOutbox, Visitor } from './visitor.ts'

const posts = [
  'change-email',
  'change-password',
  'delete-user',
  'request-password-reset',
  'reset-password',
  'revoke-session',
  'send-verification-email',
  'sign-in/email',
  'sign-up/email',
  'update-user',
  'verify-password',
]
const values: unknown[] = [
  null,
  0,
  true,
  '',
  '\0',
  'a\0@example.com',
  '\ud800',
  'x'.repeat(5_000),
  'ünïcödé@exämple.com',
  'a@example.com\r\nBcc: b@example.com',
  "' OR 1=1 --",
  [],
  ['a@example.com'],
  {},
  { $ne: null },
  { toString: 'x' },
  [[[[[[]]]]]],
]
const fields = [
  'email',
  'newEmail',
  'password',
  'currentPassword',
  'newPassword',
  'name',
  'token',
  'image',
]

let server: TestServer
let visitor: Visitor
beforeAll(async () => {
  server = await startWithOutbox()
})
afterAll(() => server.close())

it.each(posts)('%s answers whatever is sent with less than 500', async (path) => {
  visitor = new Visitor(server)
  await visitor.signUp(`${path.replace('/', '-')}@example.com`)
  const good = {
    email: 'a@example.com',
    newEmail: 'b@example.com',
    password: 'a wrong password',
    currentPassword: 'a wrong password',
    newPassword: 'another password',
    name: 'Ada',
    token: 'token',
  }
  for (const value of values) {
    for (const field of fields) {
      const { status, body } = await visitor.auth(path, { ...good, [field]: value })
      expect({ field, value, status, body, bad: status >= 500 }).toMatchObject({ bad: false })
    }
  }
})

it.each(['', 'null', '"text"', '[]', '{', '{"a":', '{"email":1e999}', 'a=b'])(
  'a body that is no form is refused: %j',
  async (body) => {
    for (const path of posts) {
      for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
        const response = await fetch(`${server.url}/api/auth/${path}`, {
          method: 'POST',
          headers: { origin: APP_URL, 'content-type': type },
          body,
        })
        expect([path, type, response.status < 500]).toEqual([path, type, true])
      }
    }
  },
)

it.each(['', '%00', '%ff', 'a.b.c', 'x'.repeat(4_000), '..%2f', '%E0%A4%A'])(
  'a token that is none opens nothing: %j',
  async (token) => {
    const answer = await new Visitor(server).get(`/api/auth/verify-email?token=${token}`)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
  },
)
