import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account, Actor } from '../../src/index.ts'
import {
  banAccount,
  findAccount,
  grantAdmin,
  listAudit,
  revokeAdmin,
  signOutEverywhere,
  unbanAccount,
  upsertUser,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { startCore } from '../harness.ts'

const actor: Actor = { kind: 'admin', id: 'operator' }

let core: Harness
let next = 1

beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

async function signUp({ verified = true } = {}): Promise<string> {
  const id = `account_${next++}`
  await core.ctx.db.pool.query(
    `INSERT INTO auth_users (id, name, email, email_verified) VALUES ($1, 'Ada', $1 || '@example.com', $2)`,
    [id, verified],
  )
  return id
}

async function signIn(userId: string): Promise<void> {
  await core.ctx.db.pool.query(
    `INSERT INTO auth_sessions (id, token, user_id, expires_at)
     VALUES (gen_random_uuid()::text, gen_random_uuid()::text, $1, '2999-01-01')`,
    [userId],
  )
}

const find = (userId: string): Promise<Account> => findAccount(core.ctx, { userId })
const act = (userId: string) => ({ userId, actor, reason: 'as they asked' })
const auditOf = async (id: string) =>
  (await listAudit(core.ctx)).items
    .filter(({ userId }) => userId === id)
    .map(({ action, actor: { id: by }, reason }) => [action, by, reason])

describe('the admin role', () => {
  test('is given by a verified address, whatever its case; a repeat is not a second entry', async () => {
    const userId = await signUp()
    const grant = () => grantAdmin(core.ctx, { email: `${userId.toUpperCase()}@Example.com` })
    expect(await grant()).toEqual({ userId })
    expect(await grant()).toEqual({ userId })
    expect(await find(userId)).toMatchObject({ role: 'admin' })
    expect(await auditOf(userId)).toEqual([['admin.grant', 'admin grant', null]])
  })

  test('is not given by an address that nobody verified, and is given by id', async () => {
    const userId = await signUp({ verified: false })
    await expect(grantAdmin(core.ctx, { email: `${userId}@example.com` })).rejects.toMatchObject({
      code: 'VALIDATION',
      message: expect.stringContaining(userId),
    })
    expect(await find(userId)).toMatchObject({ role: 'customer' })
    expect(await grantAdmin(core.ctx, { userId })).toEqual({ userId })
  })

  test('is not given to a subject, who signs in nowhere', async () => {
    await upsertUser(core.ctx, { userId: 'subject', email: 'subject@example.com' })
    for (const name of [{ email: 'subject@example.com' }, { userId: 'subject' }]) {
      await expect(grantAdmin(core.ctx, name)).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
    }
  })

  test('is taken away, with actor and reason on record', async () => {
    await grantAdmin(core.ctx, { userId: await signUp() })
    const userId = await signUp()
    await grantAdmin(core.ctx, { userId })
    await revokeAdmin(core.ctx, act(userId))
    await revokeAdmin(core.ctx, act(userId))
    expect(await find(userId)).toMatchObject({ role: 'customer' })
    expect((await auditOf(userId))[0]).toEqual(['admin.revoke', 'operator', 'as they asked'])
  })

  test('stays with one admin when all take it from each other at once', async () => {
    const ids = [await signUp(), await signUp(), await signUp()]
    for (const userId of ids) await grantAdmin(core.ctx, { userId })
    const { rows: admins } = await core.ctx.db.pool.query<{ id: string }>(
      `SELECT id FROM auth_users WHERE role = 'admin'`,
    )
    const results = await Promise.allSettled(admins.map(({ id }) => revokeAdmin(core.ctx, act(id))))
    expect(results.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { code: 'VALIDATION', message: expect.stringContaining('last admin') } },
    ])
    const { rows } = await core.ctx.db.pool.query(`SELECT id FROM auth_users WHERE role = 'admin'`)
    expect(rows).toHaveLength(1)
    // On purpose, it can be taken from the last one too.
    await revokeAdmin(core.ctx, { ...act(rows[0].id), evenTheLast: true })
  })
})

describe('a ban', () => {
  test('ends every session with the call, and lets no other begin until it is lifted', async () => {
    const userId = await signUp()
    await signIn(userId)
    await banAccount(core.ctx, act(userId))
    expect(await find(userId)).toMatchObject({ sessions: 0, bannedAt: expect.any(String) })
    await expect(signIn(userId)).rejects.toThrow('banned')
    await unbanAccount(core.ctx, act(userId))
    await signIn(userId)
    expect(await find(userId)).toMatchObject({ sessions: 1, bannedAt: null })
    expect((await auditOf(userId)).map(([action]) => action)).toEqual([
      'account.unban',
      'account.ban',
    ])
  })

  test('is not passed by sign-ins that are under way', async () => {
    const userId = await signUp()
    await Promise.allSettled([
      ...Array.from({ length: 20 }, () => signIn(userId)),
      banAccount(core.ctx, act(userId)),
      ...Array.from({ length: 20 }, () => signIn(userId)),
    ])
    expect(await find(userId)).toMatchObject({ sessions: 0, bannedAt: expect.any(String) })
  })

  test('does not reach an admin, and a banned account is not made one', async () => {
    const admin = await signUp()
    await grantAdmin(core.ctx, { userId: admin })
    await expect(banAccount(core.ctx, act(admin))).rejects.toMatchObject({ code: 'VALIDATION' })
    const banned = await signUp()
    await banAccount(core.ctx, act(banned))
    await expect(grantAdmin(core.ctx, { userId: banned })).rejects.toMatchObject({
      code: 'VALIDATION',
    })
  })
})

test('signing out everywhere ends all sessions of one account, and no others', async () => {
  const [userId, other] = [await signUp(), await signUp()]
  for (const each of [userId, userId, other]) await signIn(each)
  await signOutEverywhere(core.ctx, act(userId))
  expect(await find(userId)).toMatchObject({ sessions: 0 })
  expect(await find(other)).toMatchObject({ sessions: 1 })
  expect(await auditOf(userId)).toEqual([['account.signOut', 'operator', 'as they asked']])
})

test.each([banAccount, unbanAccount, signOutEverywhere, revokeAdmin])(
  '%o says where somebody signs in who has no account here',
  async (verb) => {
    await upsertUser(core.ctx, { userId: 'elsewhere', email: 'elsewhere@example.com' })
    for (const userId of ['elsewhere', 'nobody']) {
      await expect(verb(core.ctx, act(userId))).rejects.toMatchObject({
        code: 'USER_NOT_FOUND',
        message: expect.stringContaining('no sign-in account here'),
      })
    }
  },
)
