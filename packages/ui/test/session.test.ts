import { expect, test } from 'vitest'
import { toSession } from '../src/guards/session.ts'

test('a session is who is signed in, with the role', () => {
  const body = { session: { id: 's' }, user: { id: 'u', email: 'a@example.com', role: 'admin' } }
  expect(toSession(body)).toEqual({ user: { email: 'a@example.com', role: 'admin' } })
})

test.each([null, undefined, '', [], {}, { user: null }, { user: {} }, { user: { email: 1 } }])(
  'whatever is no session lets nobody pass: %j',
  (body) => {
    expect(toSession(body)).toBeNull()
  },
)

test('a role that is no text is none', () => {
  expect(toSession({ user: { email: 'a@example.com', role: ['admin'] } })?.user.role).toBeNull()
})
