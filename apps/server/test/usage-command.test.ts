import { createTestDatabase } from '@tollgate/testing'
import pg from 'pg'
import { expect, it } from 'vitest'
import { environment, run } from './server-process.ts'

it('usage verify tells of each counter that differs, ends with 1, and repairs on request', async () => {
  const database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(
    `INSERT INTO users (id, kind, email) VALUES ('u1', 'subject', 'u1@example.com')`,
  )
  await client.query(`INSERT INTO usage_counters (user_id, meter, period, used, day_amounts, day_events)
    VALUES ('u1', 'tokens', '2026-11', 5, array_fill(0::bigint, ARRAY[31]), array_fill(0, ARRAY[31]))`)
  const usage = async (...args: string[]) => {
    const command = await run('tollgate', {
      env: environment(database.url),
      args: ['usage', ...args],
    })
    const { code, stdout } = await command.ended
    return { code, stdout: stdout.trim() }
  }
  const difference =
    'u1 tokens 2026-11: used 5, ledger 0; reserved 0, ledger 0; days that differ: none'
  expect(await usage('verify')).toEqual({
    code: 1,
    stdout: `${difference}\n1 of 1 counters differ from the ledger`,
  })
  expect((await usage('verify', '--repair')).code).toBe(1)
  expect(await usage('verify')).toEqual({
    code: 0,
    stdout: '1 counters, all equal to the ledger',
  })
  expect(JSON.parse((await usage('archive', '--json')).stdout)).toEqual({ rows: 0 })
  await client.end()
  await database.drop()
})
