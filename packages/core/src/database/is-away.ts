/**
 * PostgreSQL's ways to say "not now", by SQLSTATE (appendix A of its manual). Each may be over in a moment, and none says
 * anything about what it was asked.
 */
const SQL_STATES = [
  // Connections: not made, lost, refused by a pooler; sessions that were idle for too long.
  '08...',
  '25P0[34]',
  // A standby or a failover: nothing can be written, or the answer is no longer to be had.
  '25006',
  '40001',
  '40P01',
  // Full, in whatever: disk, memory, connections, a limit of the configuration; and what waits for a lock or takes too long.
  '53...',
  '55P03',
  '57014',
  // Stopping, crashed, starting, its database dropped or closed to connections, idle for too long.
  '57P0[1-5]',
  '55000',
  // The disk does not do its work.
  '58030',
]

/** Node's codes of sockets and names (libuv). */
const SOCKETS = [
  'ECONN\\w+',
  'EPIPE',
  'ENOTFOUND',
  'EAI_\\w+',
  'E(HOST|NET)(UNREACH|DOWN)',
  'ENETRESET',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'ETIMEDOUT',
  'ERR_STREAM_\\w+',
  'ERR_SOCKET_CLOSED\\w*',
]

/**
 * Prisma's, of its error reference: unreachable, timed out, closed, no connection left in its pool or in PostgreSQL's, a
 * transaction that could not be begun or took too long, a write conflict.
 */
const PRISMA = ['P100[128]', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037']

const AWAY = new RegExp(`^(${[...SQL_STATES, ...SOCKETS, ...PRISMA].join('|')})$`)

/** What pg says, without a code, of a connection that was not made or did not last. */
const LOST =
  /^(Connection terminated|timeout e(xceeded|xpired)|Client has encountered a connection error|Client was closed|Query read timeout|Cannot use a pool after calling end)/

/**
 * Whether a failure means that the database could not be reached, went away or can't do it now, so that the same call may
 * work in a moment; looks through wrapped errors. Not whether the call had its effect.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  if ('code' in error && AWAY.test(String(error.code))) return true
  if ('originalCode' in error && AWAY.test(String(error.originalCode))) return true
  if (error instanceof Error && LOST.test(error.message)) return true
  if (error instanceof AggregateError && error.errors.some(isDatabaseAway)) return true
  return causesOf(error).some(isDatabaseAway)
}

/** What an error was made from; Prisma's keep what its adapter met in `meta`. */
function causesOf(error: object): unknown[] {
  const causes: unknown[] = 'cause' in error ? [error.cause] : []
  if (!('meta' in error) || typeof error.meta !== 'object' || error.meta === null) return causes
  return 'driverAdapterError' in error.meta ? [...causes, error.meta.driverAdapterError] : causes
}
