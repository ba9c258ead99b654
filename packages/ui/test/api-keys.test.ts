import { expect, test } from 'vitest'
import { endOfDay, keyState } from '../src/admin/keys/key-state.ts'

const at = Date.parse('2026-11-22T12:00:00.000Z')

test('a key works until it is revoked or expires', () => {
  expect(keyState({ revokedAt: null, expiresAt: null }, at).name).toBe('Active')
  expect(keyState({ revokedAt: null, expiresAt: '2026-11-22T12:00:00.001Z' }, at).name).toBe(
    'Active',
  )
  expect(keyState({ revokedAt: null, expiresAt: '2026-11-22T12:00:00.000Z' }, at).name).toBe(
    'Expired',
  )
  expect(keyState({ revokedAt: '2026-11-01T00:00:00.000Z', expiresAt: null }, at).name).toBe(
    'Revoked',
  )
})

test('a key that expires on a day works on all of it, in UTC', () => {
  expect(endOfDay('2026-12-31')).toBe('2026-12-31T23:59:59.999Z')
})
