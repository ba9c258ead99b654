import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { onOwnConnection, schemaOf } from './connection/connect.ts'
import { isForbidden, requireFit, UnfitDatabaseError } from './connection/fitness.ts'

/** Any number that no other user of the database's advisory locks takes. */
const LOCK = 7_465_001

/** How long to wait for another process that migrates. */
const LOCK_WAIT_MS = 60_000
const TRY_EVERY_MS = 200
/** How long one statement of a migration may take: it may rewrite a large table. */
const STATEMENT_MS = 900_000

/**
 * What Prisma writes into a first migration. It needs a privilege on the database even where the schema exists, and the
 * tables go where search_path leads to.
 */
const PRISMA_SCHEMA = 'CREATE SCHEMA IF NOT EXISTS "public";'

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
 * finds nothing to do, and several processes may call it at once. Returns how many migrations it applied. Throws an
 * UnfitDatabaseError, whose message is one line, where Tollgate can't run on this database.
 */
export async function initDb(url: string): Promise<number> {
  await requireFit(url)
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
 * returns how many. Safely called by several processes at once: one works, the others wait and find nothing, for at most
 * a minute. A migration that fails changes nothing, and stops those after it. The history is Prisma's own table.
 * Throws when an applied migration's file has changed since, and when the wait for another process was too long.
 */
export async function migrate(url: string, folder: string): Promise<number> {
  const migrations = await readMigrations(folder)
  return onOwnConnection({ url, statementMs: STATEMENT_MS }, async (client) => {
    // Without the lock, so that a role that may only use the tables can start, and a start waits for nobody.
    if (await isUpToDate(client, migrations)) return 0
    await lock(client)
    try {
      await createHistory(client, schemaOf(url))
      const pending = await findPending(client, migrations)
      for (const migration of pending) await apply(client, migration)
      return pending.length
    } finally {
      // A pooler in session mode may keep the session for the next.
      await client.query('SELECT pg_advisory_unlock($1)', [LOCK]).catch(() => undefined)
    }
  })
}

async function isUpToDate(client: pg.ClientBase, migrations: Migration[]): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT to_regclass('"_prisma_migrations"') IS NOT NULL AS found`,
  )
  return rows[0]?.found === true && (await findPending(client, migrations)).length === 0
}

/** A lock of the session. Waits for it by asking again, since a wait inside PostgreSQL has no end where its holder hangs. */
async function lock(client: pg.ClientBase): Promise<void> {
  for (let waitedMs = 0; waitedMs < LOCK_WAIT_MS; waitedMs += TRY_EVERY_MS) {
    const { rows } = await client.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS locked',
      [LOCK],
    )
    if (rows[0]?.locked === true) return
    await sleep(TRY_EVERY_MS)
  }
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = $1 AND granted`,
    [LOCK],
  )
  const pid = rows[0]?.pid
  throw new UnfitDatabaseError(
    `Another process has been migrating this database for ${LOCK_WAIT_MS / 1_000} s`,
    `wait until it has ended, then start again; if it hangs, run SELECT pg_terminate_backend(${pid ?? 'pid'})`,
  )
}

/** And the schema that `?schema=` names. */
async function createHistory(client: pg.ClientBase, schema: string | null): Promise<void> {
  try {
    // Not IF NOT EXISTS by itself, which needs the privilege where it exists, too.
    if (schema !== null) await createSchema(client, schema)
    await client.query(HISTORY)
  } catch (error) {
    if (!isForbidden(error)) throw error
    const { rows } = await client.query<{ role: string; schema: string }>(
      'SELECT quote_ident(current_user) AS role, quote_ident(current_schema()) AS schema',
    )
    const { role, schema } = rows[0] ?? { role: 'role', schema: 'schema' }
    throw new UnfitDatabaseError(
      `The role ${role} may not create tables in the schema ${schema}`,
      `as its owner, run GRANT ALL ON SCHEMA ${schema} TO ${role}; or, as the owner of the database, CREATE SCHEMA ${role} AUTHORIZATION ${role}`,
    )
  }
}

async function createSchema(client: pg.ClientBase, schema: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema])
  if (rowCount === 0) await client.query(`CREATE SCHEMA ${pg.escapeIdentifier(schema)}`)
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
      const checksum = createHash('sha256').update(sql).digest('hex')
      return { name, sql: sql.replace(PRISMA_SCHEMA, ''), checksum }
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

async function apply(client: pg.ClientBase, { name, sql, checksum }: Migration): Promise<void> {
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
