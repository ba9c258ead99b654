import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase } from '@tollgate/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../../src/database/index.ts'
import { initDb } from '../../src/index.ts'

let database: Awaited<ReturnType<typeof createTestDatabase>>
let client: pg.Client
let folder: string
beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  folder = await mkdtemp(join(tmpdir(), 'tollgate-migrations-'))
})
afterAll(async () => {
  await client.end()
  await database.drop()
  await rm(folder, { recursive: true })
})

async function addMigration(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true })
  await writeFile(join(folder, name, 'migration.sql'), sql)
}

describe('migrations', () => {
  test('are applied once, in order, when four start together', async () => {
    await addMigration(
      '1_first',
      'CREATE TABLE sequence_of (n int); INSERT INTO sequence_of VALUES (1);',
    )
    await addMigration('2_second', 'INSERT INTO sequence_of SELECT max(n) + 1 FROM sequence_of;')
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, folder)))
    expect(applied.toSorted()).toEqual([0, 0, 0, 2])
    const { rows } = await client.query('SELECT n FROM sequence_of ORDER BY n')
    expect(rows).toEqual([{ n: 1 }, { n: 2 }])
  })

  test('leave nothing of one that fails half-way, and go on once it is mended', async () => {
    await addMigration('3_third', 'CREATE TABLE half (n int); SELECT 1 / 0;')
    await expect(migrate(database.url, folder)).rejects.toThrow('3_third')
    const gone = await client.query(`SELECT to_regclass('half') AS half`)
    expect(gone.rows).toEqual([{ half: null }])
    await addMigration('3_third', 'CREATE TABLE half (n int);')
    expect(await migrate(database.url, folder)).toBe(1)
  })

  test('are the same whatever line ends a checkout writes', async () => {
    await addMigration('4_fourth', 'CREATE TABLE lines (n int);\nINSERT INTO lines VALUES (1);\n')
    expect(await migrate(database.url, folder)).toBe(1)
    await addMigration(
      '4_fourth',
      'CREATE TABLE lines (n int);\r\nINSERT INTO lines VALUES (1);\r\n',
    )
    expect(await migrate(database.url, folder)).toBe(0)
  })

  test('that were changed after they were applied stop the start', async () => {
    await addMigration('1_first', 'SELECT 1;')
    await expect(migrate(database.url, folder)).rejects.toThrow('1_first was changed')
  })

  test('of a database that has them all are nothing to do', async () => {
    expect(await initDb(database.url)).toBe(0)
  })
})
