import pg from 'pg'
import type { BoundedConfig } from './bounded-client.ts'
import { BoundedClient } from './bounded-client.ts'
import { prepareSession } from './session.ts'
import { types } from './types.ts'

/** How long a connection may take to be made, and how long a caller waits for a free one. */
const CONNECT_MS = 5_000
/** Idle connections are looked after by the system: it finds a peer that is gone within half a minute. */
const KEEP_ALIVE_AFTER_MS = 10_000
/** How long a farewell may take. */
const FAREWELL_MS = 1_000
/** How much later than PostgreSQL's own bound of a statement a connection counts as silent. */
const GRACE_MS = 2_000

export interface ConnectionOptions {
  url: string
  /** How long a statement may take; PostgreSQL ends it then. */
  statementMs: number
  /** Settings of these connections alone. */
  settings?: Readonly<Record<string, string>>
}

interface Connecting {
  config: BoundedConfig
  /** What a connection needs after it is made and before it is used. */
  prepare: (client: pg.ClientBase) => Promise<void>
}

/** How each of our connections is made. Nothing is said in the startup packet that a pooler would refuse. */
export function connecting({ url, statementMs, settings = {} }: ConnectionOptions): Connecting {
  const schema = schemaOf(url)
  const session = {
    statement_timeout: `${statementMs}ms`,
    ...(schema !== null && { search_path: pg.escapeIdentifier(schema) }),
    ...settings,
  }
  return {
    config: {
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
      silenceMs: statementMs + GRACE_MS,
      fallback_application_name: 'tollgate',
      types,
    },
    prepare: (client) => prepareSession(client, session),
  }
}

/** Does a work on a connection of its own, outside of any pool. */
export async function onOwnConnection<T>(
  options: ConnectionOptions,
  work: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const { config, prepare } = connecting(options)
  const client = new BoundedClient(config)
  // It fails the statement under way too, or the next; unhandled, it would end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await prepare(client)
    return await work(client)
  } finally {
    const giveUp = setTimeout(() => client.destroy(), FAREWELL_MS)
    await client.end()
    clearTimeout(giveUp)
  }
}

/** Prisma's way to name a schema in a URL: `?schema=name`. */
export function schemaOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).searchParams.get('schema') || null : null
}
