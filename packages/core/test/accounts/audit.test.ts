import { afterAll, beforeAll, expect, test } from 'vitest'
import { appendAudit } from '../../src/accounts/index.ts'
import { inTransaction } from '../../src/database/index.ts'
import type { AuditEntry } from '../../src/index.ts'
import { listAudit } from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { startCore } from '../harness.ts'

let core: Harness

beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

async function append(action: string): Promise<void> {
  await inTransaction(core.ctx.db.pool, (tx) =>
    appendAudit(core.ctx, { actor: { kind: 'admin', id: 'user_admin' }, action }, tx),
  )
}

test('pages hold every entry once, the last first, while entries are added', async () => {
  // Some at the same instant, so that the instant alone does not tell where a page ended.
  for (let i = 0; i < 7; i++) {
    if (i % 3 === 0) core.clock.advance(1)
    await append(`test.${i}`)
  }
  const seen: AuditEntry[] = []
  let cursor: string | undefined
  do {
    const page = await listAudit(core.ctx, { cursor, limit: 2 })
    seen.push(...page.items)
    cursor = page.nextCursor ?? undefined
    core.clock.advance(1)
    await append('test.later')
  } while (cursor !== undefined)
  expect(seen.map(({ action }) => action).toSorted()).toEqual(
    Array.from({ length: 7 }, (_, i) => `test.${i}`),
  )
  expect(seen.map(({ at }) => at)).toEqual(
    seen
      .map(({ at }) => at)
      .toSorted()
      .toReversed(),
  )
})

test.each(['nonsense', Buffer.from('["2026-01-01","not-a-uuid"]').toString('base64url')])(
  'the cursor %j was not handed out here',
  async (cursor) => {
    await expect(listAudit(core.ctx, { cursor })).rejects.toMatchObject({ code: 'VALIDATION' })
  },
)
