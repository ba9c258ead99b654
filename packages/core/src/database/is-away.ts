/**
 * SQLSTATEs of a server that cannot be reached or is going, coming or full, and Node's and Prisma's codes for
 * the same. Sources: PostgreSQL appendix A (classes 08, 53, 57P), libuv, Prisma's error reference.
 */
const AWAY =
  /^(08...|53300|57P0[1-4]|25006|ECONN\w+|EPIPE|ENOTFOUND|EAI_AGAIN|E(HOST|NET)UNREACH|ETIMEDOUT|P100[128]|P1017|P2024)$/

/** What pg says, without a code, of a connection that was not made or did not last. */
const LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout)/

/**
 * Whether a failure means that the database could not be reached or went away, so that the same call may work
 * in a moment; looks through wrapped errors. Not whether the call had its effect.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  if ('code' in error && AWAY.test(String(error.code))) return true
  if (error instanceof Error && LOST.test(error.message)) return true
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway)
  return isDatabaseAway(causeOf(error))
}

/** What an error was made from; Prisma's keep what its adapter met in `meta`. */
function causeOf(error: object): unknown {
  if ('cause' in error && error.cause) return error.cause
  if (!('meta' in error) || typeof error.meta !== 'object' || error.meta === null) return null
  return 'driverAdapterError' in error.meta ? error.meta.driverAdapterError : null
}
