import pg from 'pg'
import { nearestInstant } from '../instant.ts'
import type { Logger } from '../log.ts'
import { nearestWholeNumber } from '../whole-number.ts'

/** One PostgreSQL: a pool for all that asks it, and the connections of the usage writer. */
export interface Database {
  readonly url: string
  readonly pool: pg.Pool
  /** Connections that send statements without waiting for earlier results; only the usage writer uses them. */
  readonly writers: pg.Pool
  close(): Promise<void>
}

export interface DatabaseOptions {
  url: string
  log: Logger
  /** Connections for everything but the usage writer. */
  poolSize?: number
}

/** How many batches of usage a process may have under way at once. */
export const WRITER_LANES = 2

/** Prisma, which may share the pool, drops the offset that PostgreSQL writes, whatever the server's zone is. */
const UTC = '-c TimeZone=UTC'

/**
 * The writer's statements reach every row by its index, and are planned once. Left to itself, PostgreSQL plans them
 * while the ledger is small, by reading all of it, and uses that plan still when it has grown.
 */
const BY_INDEX = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'enable_sort=off',
  'enable_incremental_sort=off',
  'enable_bitmapscan=off',
  'jit=off',
]
  .map((setting) => `-c ${setting}`)
  .join(' ')

/**
 * What is stored can always be shown: an instant or a whole number that is beyond what the contract has for them is
 * read as the nearest that it has. A sum may be such a number, and so may a row that an older version wrote.
 */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    const parse = pg.types.getTypeParser(oid, format)
    switch (oid) {
      case pg.types.builtins.TIMESTAMPTZ:
        return (text: string) => nearestInstant(parse(text))
      case pg.types.builtins.INT8:
      case pg.types.builtins.NUMERIC:
        return nearestWholeNumber
      default:
        return parse
    }
  },
}

/** Connects lazily: it does not fail when the database is away, and recovers by itself when it is back. */
export function openDatabase({ url, log, poolSize = 10 }: DatabaseOptions): Database {
  const shared = {
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    application_name: 'tollgate',
    options: UTC,
    types,
  }
  const pool = new pg.Pool({ ...shared, max: poolSize })
  const writers = new pg.Pool({
    ...shared,
    max: WRITER_LANES,
    options: `${UTC} ${BY_INDEX}`,
    pipeline: true,
  })
  for (const each of [pool, writers]) {
    const lost = (error: Error) => log.warn({ err: error }, 'a database connection was lost')
    each.on('error', lost)
    // A connection in use, but between two queries, emits only its own event; unhandled, that ends the process.
    each.on('connect', (client) => client.on('error', lost))
  }
  return {
    url,
    pool,
    writers,
    async close() {
      await Promise.all([pool.end(), writers.end()])
    },
  }
}
