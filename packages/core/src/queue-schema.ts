import pg from 'pg'
import { UnfitDatabaseError } from './database/index.ts'

/** Where the worker keeps its jobs. */
const SCHEMA = 'graphile_worker'

/** The worker's own, word for word: it makes this table right after the schema, and both in one statement. */
const MIGRATIONS = `
  CREATE TABLE IF NOT EXISTS ${SCHEMA}.migrations (
    id int PRIMARY KEY,
    ts timestamptz NOT NULL DEFAULT now(),
    breaking boolean NOT NULL DEFAULT false
  )`

interface Privileges {
  role: string
  exists: boolean
  isPrepared: boolean
  mayCreateSchema: boolean
  mayCreateTables: boolean
}

/**
 * Makes it possible for the worker to create its tables. It would create its schema, which needs a privilege on the
 * database; where an operator has made the schema, that is not needed. Throws an UnfitDatabaseError that says what is
 * missing. A repeat changes nothing.
 */
export async function prepareQueueSchema(db: pg.Pool): Promise<void> {
  const found = await readPrivileges(db)
  const missing = missingPrivilege(found)
  if (missing) throw missing
  if (found.exists && !found.isPrepared) await db.query(MIGRATIONS)
}

/** What keeps the worker from having its tables; null where nothing does. */
export async function queueTrouble(db: pg.Pool): Promise<UnfitDatabaseError | null> {
  return missingPrivilege(await readPrivileges(db))
}

function missingPrivilege(found: Privileges): UnfitDatabaseError | null {
  const role = pg.escapeIdentifier(found.role)
  if (!found.exists && !found.mayCreateSchema) {
    return new UnfitDatabaseError(
      `The role ${role} may not create the schema ${SCHEMA}, where jobs are kept`,
      `as the owner of the database, run CREATE SCHEMA ${SCHEMA} AUTHORIZATION ${role}`,
    )
  }
  if (found.exists && !found.isPrepared && !found.mayCreateTables) {
    return new UnfitDatabaseError(
      `The role ${role} may not create tables in the schema ${SCHEMA}, where jobs are kept`,
      `as its owner, run ALTER SCHEMA ${SCHEMA} OWNER TO ${role}`,
    )
  }
  return null
}

async function readPrivileges(db: pg.Pool): Promise<Privileges> {
  const { rows } = await db.query<Privileges>(
    `SELECT current_user AS role, to_regnamespace('${SCHEMA}') IS NOT NULL AS exists,
       to_regclass('${SCHEMA}.migrations') IS NOT NULL AS "isPrepared",
       has_database_privilege(current_database(), 'CREATE') AS "mayCreateSchema",
       coalesce(has_schema_privilege(to_regnamespace('${SCHEMA}'), 'CREATE'), false) AS "mayCreateTables"`,
  )
  const [privileges] = rows
  if (!privileges) throw new Error('a query without FROM has one row')
  return privileges
}
