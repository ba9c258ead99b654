import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

/** Any number that no other user of the database's advisory locks takes. */
const LOCK = 7_465_001

const HISTORY = `
  CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum" VARCHAR(64) NOT NULL,
    "finished_at" TIMESTAMPTZ,
    "migration_name" VARCHAR(255) NOT NULL,
    "logs" TEXT,
    "rolled_back_at" TIMESTAMPTZ,
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count" INTEGER NOT NULL DEFAULT 0
  )`

interface Migration {
  name: string
  sql: string
  checksum: string
}

/**
 * Creates or updates the tables of the database at `url`; the guide's `init_db()`. Call it at start: a repeat
 * finds nothing to do, and several processes may call it at once. Returns how many migrations it applied.
 */
export function initDb(url: string): Promise<number> {
  return migrate(url, migrationsFolder())
}

/** prisma/migrations, seen from the source as well as from a bundle: the first one upwards. */
export function migrationsFolder(): string {
  let here = new URL('.', import.meta.url)
  while (true) {
    const candidate = fileURLToPath(new URL('prisma/migrations', here))
    if (existsSync(candidate)) return candidate
    const parent = new URL('..', here)
    if (parent.href === here.href) throw new Error('prisma/migrations is not above this file')
    here = parent
  }
}

/**
 * Applies the migrations that this database has not seen, in order, each in a transaction of its own, and
 * returns how many. Safely called by several processes at once: one works, the others wait and find nothing.
 * A migration that fails changes nothing, and stops those after it. The history is Prisma's own table.
 * Throws when an applied migration's file has changed since.
 */
export async function migrate(url: string, folder: string): Promise<number> {
  const migrations = await readMigrations(folder)
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    await client.query(HISTORY)
    const pending = await findPending(client, migrations)
    for (const migration of pending) await apply(client, migration)
    return pending.length
  } finally {
    await client.end()
  }
}

/** The names of the migrations that this database still lacks. */
export async function pendingMigrations(pool: pg.Pool, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder)
  return (await findPending(pool, migrations)).map(({ name }) => name)
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const text = await readFile(`${folder}/${name}/migration.sql`, 'utf8')
      // A checkout may have written line ends of its own; the migration is the same.
      const sql = text.replaceAll('\r\n', '\n')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

async function findPending(db: pg.ClientBase | pg.Pool, all: Migration[]): Promise<Migration[]> {
  const { rows } = await db.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  )
  const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]))
  for (const { name, checksum } of all) {
    const before = applied.get(name)
    if (before !== undefined && before !== checksum) {
      throw new Error(`Migration ${name} was changed after it had been applied; restore its file`)
    }
  }
  return all.filter(({ name }) => !applied.has(name))
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), now(), 1)`,
      [randomUUID(), checksum, name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw new Error(`Migration ${name} failed, and nothing of it was kept`, { cause: error })
  }
}
