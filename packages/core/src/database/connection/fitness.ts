import pg from 'pg'
import type { ConnectionOptions } from './connect.ts'
import { onOwnConnection, schemaOf } from './connect.ts'

/** Tollgate can't run on this database as it is set up. The message is one line, for whoever set it up. */
export class UnfitDatabaseError extends Error {
  override readonly name = 'UnfitDatabaseError'

  constructor(
    readonly problem: string,
    readonly fix: string,
  ) {
    super(`${problem}: ${fix}`)
  }
}

function pooler(): UnfitDatabaseError {
  return new UnfitDatabaseError(
    'DATABASE_URL leads to a pooler in transaction mode (PgBouncer, most often), and Tollgate needs sessions of its own',
    'set it to PostgreSQL itself (its port is 5432, most often) or to a pool in session mode',
  )
}

/** How often to look for a shared session: a pooler mostly gives the session that became free last. */
const LOOKS = 3
const LOOK_MS = 3_000

interface Facts {
  pid: number
  role: string
  schema: string | null
  searchPath: string
  /** Schemas, that is. */
  mayCreate: boolean
  encoding: string
  replicationRole: string
  timeZone: string
  /** A schema of this database that holds Tollgate's tables, where it is not the one that is used. */
  elsewhere: string | null
}

const FACTS = `
  SELECT pg_backend_pid() AS pid, current_user AS role, current_schema() AS schema,
    current_setting('search_path') AS "searchPath",
    has_database_privilege(current_database(), 'CREATE') AS "mayCreate", current_setting('server_encoding') AS encoding,
    current_setting('session_replication_role') AS "replicationRole", current_setting('TimeZone') AS "timeZone",
    (SELECT a.table_schema FROM (
       SELECT n.nspname AS table_schema FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND c.relname IN ('stripe_events', 'usage_counters', '_prisma_migrations')
         AND n.nspname <> coalesce(current_schema(), '')
       GROUP BY n.nspname HAVING count(*) = 3) a LIMIT 1) AS elsewhere`

/**
 * Throws an UnfitDatabaseError where the database at `url`, or the way to it, can't keep what Tollgate rests on: a pooler
 * that shares sessions, a search_path without a schema, an encoding that is not Unicode. Throws as pg does where it is away.
 */
export async function requireFit(url: string): Promise<void> {
  const options: ConnectionOptions = { url, statementMs: LOOK_MS }
  try {
    await onOwnConnection(options, async (client) => {
      if (await isShared(client, options)) throw pooler()
      const unfit = whyUnfit(await readFacts(client), schemaOf(url))
      if (unfit !== null) throw unfit
    })
  } catch (error) {
    throw ofPooler(error) ?? error
  }
}

async function readFacts(client: pg.ClientBase): Promise<Facts> {
  const { rows } = await client.query<Facts>(FACTS)
  const [facts] = rows
  if (!facts) throw new Error('a query without FROM has one row')
  return facts
}

function whyUnfit(facts: Facts, wanted: string | null): UnfitDatabaseError | null {
  const { schema, elsewhere, role, encoding, replicationRole } = facts
  if (encoding !== 'UTF8') {
    const problem = `The database has the encoding ${encoding}, and Tollgate needs UTF8`
    return new UnfitDatabaseError(problem, "create it with ENCODING 'UTF8'")
  }
  if (replicationRole !== 'origin') {
    const problem = `session_replication_role is ${replicationRole}, which turns constraints and triggers off`
    return new UnfitDatabaseError(problem, 'set it to origin')
  }
  // It was set on this very connection.
  if (facts.timeZone !== 'UTC') return pooler()
  if (elsewhere !== null) {
    return new UnfitDatabaseError(
      `The schema ${name(elsewhere)} of this database holds a Tollgate, but search_path leads to ${name(schema ?? wanted ?? '')}`,
      `set search_path (or ?schema= in DATABASE_URL) to ${name(elsewhere)}, or use another database`,
    )
  }
  if (schema !== null || (wanted !== null && facts.mayCreate)) return null
  return new UnfitDatabaseError(
    `The search_path (${facts.searchPath}) of the role ${name(role)} leads to no schema`,
    `as the owner of the database, run CREATE SCHEMA ${name(wanted ?? role)} AUTHORIZATION ${name(role)}`,
  )
}

/**
 * Whether others may get this connection's session between two transactions. Behind any pooler the session's number is not
 * the one that the connection was greeted with; a pooler that shares sessions then gives this one's to another, or this one
 * another's, as soon as a transaction is open elsewhere.
 */
async function isShared(client: pg.ClientBase, options: ConnectionOptions): Promise<boolean> {
  const own = await sessionOf(client)
  if (Reflect.get(client, 'processID') === own) return false
  const look = async (looksLeft: number): Promise<boolean> => {
    if (looksLeft === 0) return false
    return onOwnConnection(options, async (other) => {
      await other.query('BEGIN')
      if ((await sessionOf(other)) === own || (await sessionOf(client)) !== own) return true
      return look(looksLeft - 1)
    })
  }
  return look(LOOKS)
}

async function sessionOf(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  return rows[0]?.pid ?? 0
}

/** What a pooler refuses by a word of its own. */
function ofPooler(error: unknown): UnfitDatabaseError | null {
  const message = error instanceof Error ? error.message : ''
  if (message.includes('not allowed in statement pooling mode')) return pooler()
  const parameter = /unsupported startup parameter[^:]*: (\w+)/.exec(message)?.[1]
  if (parameter === undefined) return null
  return new UnfitDatabaseError(
    `The pooler at DATABASE_URL refuses the parameter ${parameter}`,
    'take it out of DATABASE_URL and of PGOPTIONS',
  )
}

/** SQLSTATE 42501: the role lacks a privilege. */
export function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '42501'
}

function name(identifier: string): string {
  return pg.escapeIdentifier(identifier)
}
