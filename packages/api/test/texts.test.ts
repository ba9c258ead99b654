import { closeContext, createContext, recordUsage, TollgateError, upsertUser } from '@tollgate/core'
import { silentLog } from '@tollgate/core/testing'
import { catalog } from '@tollgate/testing/catalog'
import { afterAll, describe, expect, test } from 'vitest'
import { shortText } from '../src/schemas/primitives.ts'
import { consumeInput } from '../src/schemas/usage.ts'

// Texts are checked twice, for HTTP callers and for callers of core: both refuse the same.

// No database is reached: what is well-formed fails as UNAVAILABLE, and that is how it is told from the rest.
const ctx = createContext({
  catalog,
  databaseUrl: 'postgres://127.0.0.1:1/none',
  stripe: { secretKey: 'sk_test_unused', webhookSecrets: [], apiBase: 'http://127.0.0.1:1' },
  settings: { appUrl: 'http://127.0.0.1:3000', pastDueGraceDays: 7, priceIds: {} },
  log: silentLog,
})
afterAll(() => closeContext(ctx))

const isValidation = (error: unknown) =>
  error instanceof TollgateError && error.code === 'VALIDATION'

const refused = (call: Promise<unknown>) =>
  call.then(
    () => false,
    (error: unknown) => isValidation(error),
  )

const texts: [string, text: string, fine: boolean][] = [
  ['an id', 'user_1', true],
  ['a space', ' ', true],
  ['other scripts and an emoji', 'Ünïcode 用户 🦊', true],
  ['255 characters', 'a'.repeat(255), true],
  ['no character', '', false],
  ['256 characters', 'a'.repeat(256), false],
  ['NUL', 'a\0b', false],
  ['the first half of a surrogate pair', 'a\ud83d', false],
  ['the second half of a surrogate pair', '\udd8a b', false],
  ['both halves in the wrong order', '\udd8a\ud83d', false],
]

describe.each(texts)('%s', (_name, text, fine) => {
  test('as a user id', async () => {
    const use = { userId: text, meter: 'tokens', amount: 1, idempotencyKey: 'k' } as const
    expect(consumeInput.safeParse(use).success).toBe(fine)
    expect(await refused(recordUsage(ctx, use))).toBe(!fine)
  })

  test('as an idempotency key', async () => {
    const use = { userId: 'u', meter: 'tokens', amount: 1, idempotencyKey: text } as const
    expect(consumeInput.safeParse(use).success).toBe(fine)
    expect(await refused(recordUsage(ctx, use))).toBe(!fine)
  })

  test('as a name', async () => {
    const user = { userId: 'u', email: 'u@example.com', name: text }
    expect(shortText.safeParse(text).success).toBe(fine)
    expect(await refused(upsertUser(ctx, user))).toBe(!fine)
  })
})
