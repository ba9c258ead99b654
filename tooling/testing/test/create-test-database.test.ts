import pg from 'pg'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../src/index.ts'

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

test('a test database is migrated, and what is written to one is not in another', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()])
  const tables = await query<{ n: string }>(one.url, 'select count(*) n from _prisma_migrations')
  expect(Number(tables[0]?.n)).toBeGreaterThan(0)

  await query(one.url, 'create table only_here (id int)')
  await expect(query(other.url, 'select * from only_here')).rejects.toThrow('does not exist')
  await Promise.all([one.drop(), other.drop()])
})

test('a dropped database is gone, with the connections that were open on it', async () => {
  const { url, drop } = await createTestDatabase()
  const client = new pg.Client({ connectionString: url })
  const cut = new Promise((resolve) => client.on('error', resolve))
  await client.connect()
  await drop()
  await cut
  await expect(query(url, 'select 1')).rejects.toThrow('does not exist')
})
