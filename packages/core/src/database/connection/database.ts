import pg from 'pg'
import type { Logger } from '../../log.ts'
import { BoundedClient, SilentConnectionError } from './bounded-client.ts'
import type { ConnectionOptions } from './connect.ts'
import { connecting } from './connect.ts'

/** One PostgreSQL: a pool for all that asks it, and the connections of the usage writer. */
export interface Database {
  readonly url: string
  readonly pool: pg.Pool
  /** Connections that send statements without waiting for earlier results; only the usage writer uses them. */
  readonly writers: pg.Pool
  /** How long the oldest statement of a writer has waited for its answer. */
  writersWaitMs(): number
  /** Ends every connection, also those that do not answer. What is still under way on them fails. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  url: string
  log: Logger
  /** Connections for everything but the usage writer. */
  poolSize?: number
  bounds?: Bounds
}

/** How long PostgreSQL may take for a statement. */
export interface Bounds {
  statementMs: number
  /** For one of the usage writer. */
  writerStatementMs: number
}

/** How many batches of usage a process may have under way at once. */
export const WRITER_LANES = 2

/**
 * Less than a server has to answer the calls in flight when it is stopped. A batch of usage takes milliseconds: where it
 * takes seconds, it waits for a lock or for a server that is gone.
 */
const BOUNDS: Bounds = { statementMs: 15_000, writerStatementMs: 8_000 }
/** A writer's transaction never waits for anything but the database: one that does has lost its process. */
const WRITER_IDLE = { idle_in_transaction_session_timeout: '5s' }
/** How long those who use a connection may take to give it back at the end. */
const CLOSE_MS = 3_000

/**
 * The writer's statements reach every row by its index, and are planned once. Left to itself, PostgreSQL plans them
 * while the ledger is small, by reading all of it, and uses that plan still when it has grown.
 */
const BY_INDEX = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_sort: 'off',
  enable_incremental_sort: 'off',
  enable_bitmapscan: 'off',
  jit: 'off',
}

/**
 * Connects lazily: it does not fail when the database is away, and recovers by itself when it is back. Each wait on it
 * has a bound: 5 s for a connection, 15 s for a statement (8 s for one of a writer), and 2 s more where PostgreSQL does
 * not end the statement itself; then the connection is destroyed.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, log, poolSize = 10, bounds = BOUNDS } = options
  const clients = new Clients((error) => log.warn({ err: error }, 'a database connection was lost'))
  const pool = clients.pool({ url, statementMs: bounds.statementMs }, { max: poolSize })
  const writers = clients.pool(
    { url, statementMs: bounds.writerStatementMs, settings: { ...BY_INDEX, ...WRITER_IDLE } },
    { max: WRITER_LANES, pipeline: true },
  )
  return {
    url,
    pool,
    writers,
    writersWaitMs: () => clients.waitMs(writers),
    async close() {
      // Also those that pools no longer count, and that wait for a farewell from a peer that is gone.
      setTimeout(() => clients.destroyAll(), CLOSE_MS).unref()
      await Promise.all([pool.end(), writers.end()])
    },
  }
}

/** All connections of a process. */
class Clients {
  readonly #of = new Map<pg.Pool, Set<BoundedClient>>()
  readonly #idle = new Set<pg.ClientBase>()
  readonly #lost: (error: Error) => void

  constructor(lost: (error: Error) => void) {
    this.#lost = lost
  }

  pool(options: ConnectionOptions, pool: pg.PoolConfig): pg.Pool {
    const { config, prepare } = connecting(options)
    const made = new Set<BoundedClient>()
    // @types/pg gives `Client` no arguments and `onConnect` no promise; pg-pool passes its options and waits.
    const Client = BoundedClient as unknown as NonNullable<pg.PoolConfig['Client']>
    const opened = new pg.Pool({ ...config, ...pool, Client, onConnect: prepare })
    opened.on('error', this.#lost)
    opened.on('connect', (client) => {
      if (client instanceof BoundedClient) made.add(client)
      // A connection in use, but between two queries, emits only its own event; unhandled, that ends the process.
      client.on('error', (error) => this.#onLost(error))
    })
    opened.on('acquire', (client) => this.#idle.delete(client))
    opened.on('release', (_error, client) => this.#idle.add(client))
    opened.on('remove', (client) => {
      this.#idle.delete(client)
      if (client instanceof BoundedClient) made.delete(client)
    })
    this.#of.set(opened, made)
    return opened
  }

  waitMs(pool: pg.Pool): number {
    return Math.max(0, ...[...(this.#of.get(pool) ?? [])].map(({ waitingMs }) => waitingMs))
  }

  destroyAll(): void {
    for (const made of this.#of.values()) for (const client of made) client.destroy()
  }

  /** Where one connection has died without a word, so have others, likely: those that nobody uses are made anew. */
  #onLost(error: Error): void {
    this.#lost(error)
    if (!(error instanceof SilentConnectionError)) return
    for (const client of this.#idle) {
      this.#idle.delete(client)
      // At this event its pool forgets it at once; by itself the socket tells a moment too late for the next caller.
      client.emit('error', new Error('dropped, since another connection was silent'))
      if (client instanceof BoundedClient) client.destroy()
    }
  }
}
