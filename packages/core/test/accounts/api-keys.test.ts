import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../src/index.ts'
import {
  createApiKey,
  findApiKey,
  listApiKeys,
  listAudit,
  revokeApiKey,
  scopes,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { startCore } from '../harness.ts'

const admin: Actor = { kind: 'admin', id: 'user_admin' }
/** Retries until it holds; generous, for a machine that is busy. */
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 })

let core: Harness

beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

test('a key has 256 bits, and only its SHA-256 is stored', async () => {
  const { id, key } = await createApiKey(core.ctx, {
    name: 'agent',
    scopes: ['usage:write', 'usage:read'],
    createdBy: admin,
  })
  expect(key).toMatch(/^tg_[A-Za-z0-9_-]{43}$/)
  const { rows } = await core.ctx.db.pool.query('SELECT * FROM api_keys WHERE id = $1', [id])
  expect(rows[0].hash.equals(createHash('sha256').update(key).digest())).toBe(true)
  expect(JSON.stringify(rows)).not.toContain(key)
  expect(JSON.stringify(await listApiKeys(core.ctx))).not.toContain(key)
  expect(await findApiKey(core.ctx, key)).toEqual({
    id,
    name: 'agent',
    scopes: ['usage:write', 'usage:read'],
  })
})

test.each(['', 'tg_', 'sk_test_123', `tg_${'a'.repeat(43)}`, `tg_${'a'.repeat(44)}`])(
  '%j is no key',
  async (key) => {
    expect(await findApiKey(core.ctx, key)).toBeNull()
  },
)

test('a revoked key is refused at once here, and within 10 s in another process', async () => {
  const other = core.another()
  const { id, key } = await createApiKey(core.ctx, { name: 'k', scopes, createdBy: admin })
  expect(await findApiKey(core.ctx, key)).toMatchObject({ id })
  expect(await findApiKey(other, key)).toMatchObject({ id })

  await revokeApiKey(core.ctx, { id, revokedBy: admin })
  expect(await findApiKey(core.ctx, key)).toBeNull()
  core.clock.advance(10_000)
  expect(await findApiKey(other, key)).toBeNull()
})

test.each([-3_600_000, 3_600_000])(
  'a revoked key is refused within 10 s in another process whose wall clock was moved by %i ms',
  async (step) => {
    const other = core.another()
    const { id, key } = await createApiKey(core.ctx, { name: 'k', scopes, createdBy: admin })
    expect(await findApiKey(other, key)).toMatchObject({ id })
    await revokeApiKey(core.ctx, { id, revokedBy: admin })

    const before = core.clock.now()
    core.clock.set(new Date(before.getTime() + step))
    core.clock.advance(10_000)
    expect(await findApiKey(other, key)).toBeNull()
    core.clock.set(before)
  },
)

test('a key is refused from its expiry on, cached or not', async () => {
  const expiresAt = new Date(core.clock.now().getTime() + 5_000)
  const { key } = await createApiKey(core.ctx, { name: 'k', scopes, expiresAt, createdBy: admin })
  expect(await findApiKey(core.ctx, key)).not.toBeNull()
  core.clock.advance(4_999)
  expect(await findApiKey(core.ctx, key)).not.toBeNull()
  core.clock.advance(1)
  expect(await findApiKey(core.ctx, key)).toBeNull()
})

test('a look-up does not ask the database while it is cached, for an unknown key neither', async () => {
  const { id, key } = await createApiKey(core.ctx, { name: 'k', scopes, createdBy: admin })
  const unknown = `tg_${'x'.repeat(43)}`
  await Promise.all([findApiKey(core.ctx, key), findApiKey(core.ctx, unknown)])
  // Behind its back, the known key turns into the unknown one.
  await core.ctx.db.pool.query('UPDATE api_keys SET hash = $2 WHERE id = $1', [
    id,
    createHash('sha256').update(unknown).digest(),
  ])
  expect(await findApiKey(core.ctx, key)).toMatchObject({ id })
  expect(await findApiKey(core.ctx, unknown)).toBeNull()
  core.clock.advance(10_000)
  expect(await findApiKey(core.ctx, key)).toBeNull()
  expect(await findApiKey(core.ctx, unknown)).toMatchObject({ id })
})

test('the last use is noted once a minute', async () => {
  const { id, key } = await createApiKey(core.ctx, { name: 'k', scopes, createdBy: admin })
  const lastUsed = async () => (await listApiKeys(core.ctx)).find((k) => k.id === id)?.lastUsedAt
  const use = async () => {
    core.clock.advance(10_000)
    await findApiKey(core.ctx, key)
  }
  await use()
  const first = core.clock.now().toISOString()
  await soon(lastUsed).toBe(first)
  for (let i = 0; i < 5; i++) await use()
  expect(await lastUsed()).toBe(first)
  await use()
  await soon(lastUsed).toBe(core.clock.now().toISOString())
})

test('who made and revoked a key is on record, once each', async () => {
  const { id } = await createApiKey(core.ctx, { name: 'on record', scopes, createdBy: admin })
  await revokeApiKey(core.ctx, { id, revokedBy: { kind: 'admin', id: 'user_other' } })
  await revokeApiKey(core.ctx, { id, revokedBy: admin })
  const entries = (await listAudit(core.ctx)).items.filter((entry) => entry.details['id'] === id)
  expect(entries.map(({ action, actor }) => [action, actor.id])).toEqual([
    ['apiKey.revoke', 'user_other'],
    ['apiKey.create', 'user_admin'],
  ])
  await expect(revokeApiKey(core.ctx, { id: 'none', revokedBy: admin })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})
