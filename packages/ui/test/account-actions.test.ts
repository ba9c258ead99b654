import { expect, it } from 'vitest'
import { actionsFor } from '../src/admin/users/account/account-actions.ts'

const account = {
  userId: 'u',
  email: 'ada@example.com',
  emailVerified: true,
  role: 'customer',
  createdAt: '2026-11-01T00:00:00.000Z',
  signInBy: ['password'],
  bannedAt: null,
  sessions: 1,
} as const
const instant = '2026-11-02T00:00:00.000Z'

it.each([
  ['a customer', account, ['signOut', 'ban', 'erase']],
  ['somebody without a session', { ...account, sessions: 0 }, ['ban', 'erase']],
  ['somebody who is banned', { ...account, sessions: 0, bannedAt: instant }, ['unban', 'erase']],
  [
    'an admin, who is neither banned nor erased',
    { ...account, role: 'admin' as const },
    ['signOut', 'revokeAdmin'],
  ],
  ['somebody who signs in elsewhere', null, ['erase']],
])('offers for %s what can be done', (_who, who, actions) => {
  const given = who && { ...who, signInBy: [...who.signInBy] }
  expect(actionsFor({ account: given, erasedAt: null })).toEqual(actions)
})

it('offers nothing for somebody who was erased', () => {
  expect(actionsFor({ account: null, erasedAt: instant })).toEqual([])
})
