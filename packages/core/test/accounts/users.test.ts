import { afterAll, beforeAll, expect, test } from 'vitest'
import { upsertUser } from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { startCore } from '../harness.ts'

let core: Harness

beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

async function signUp(id: string): Promise<void> {
  await core.ctx.db.pool.query(
    `INSERT INTO auth_users (id, name, email) VALUES ($1, 'Ada', $1 || '@example.com')`,
    [id],
  )
}

async function readUser(id: string) {
  const { rows } = await core.ctx.db.pool.query(
    'SELECT kind, email, name FROM users WHERE id = $1',
    [id],
  )
  return rows[0]
}

test('a subject is made once, and updated by a repeat; a name left out stays', async () => {
  await upsertUser(core.ctx, { userId: 'subject_1', email: 'a@example.com', name: 'Ann' })
  await upsertUser(core.ctx, { userId: 'subject_1', email: 'b@example.com' })
  expect(await readUser('subject_1')).toEqual({
    kind: 'subject',
    email: 'b@example.com',
    name: 'Ann',
  })
})

test('the id of a sign-in account is forbidden, and nothing of it changes', async () => {
  await signUp('account_1')
  const before = await readUser('account_1')
  await expect(
    upsertUser(core.ctx, { userId: 'account_1', email: 'thief@example.com', name: 'Thief' }),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect(await readUser('account_1')).toEqual(before)
})

test('a sign-up under the id of a subject fails', async () => {
  await upsertUser(core.ctx, { userId: 'subject_2', email: 'a@example.com' })
  await expect(signUp('subject_2')).rejects.toThrow()
  expect(await readUser('subject_2')).toMatchObject({ kind: 'subject' })
})

test.each([
  { userId: '', email: 'a@example.com' },
  { userId: 'x'.repeat(256), email: 'a@example.com' },
  { userId: 'a\0b', email: 'a@example.com' },
  { userId: 'subject_3', email: '' },
  { userId: 'subject_3', email: 'a@example.com', name: 'a\0' },
])('%j is refused', async (input) => {
  await expect(upsertUser(core.ctx, input)).rejects.toMatchObject({ code: 'VALIDATION' })
})
