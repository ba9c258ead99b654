import type { Clock } from '../../clock.ts'
import type { Database } from '../../database/index.ts'
import type { Logger } from '../../log.ts'
import type { Answered } from '../gateway.ts'
import type { Operation, OperationName } from './operations.ts'
import { operations } from './operations.ts'
import { deleteRefusal, readRefusals, writeRefusal } from './refusal-store.ts'

interface Resources {
  readonly db: Pick<Database, 'pool'>
  readonly clock: Clock
  readonly log: Logger
}

/** How often one kind of call is logged and stored as refused. */
const EVERY_MS = 60_000

/**
 * What a gateway calls with each answer: it stores for the operator which kinds of calls Stripe refuses the key, and
 * forgets those that succeed again. It never throws and no call waits for it.
 */
export function noteRefusals({ db, clock, log }: Resources): (answered: Answered) => void {
  /** When each was stored last; those that another process stored are read at the first answer. */
  const noted = new Map<string, number>()
  let before: Promise<void> | undefined
  return ({ operation, refusal }) => {
    before ??= readRefusals(db.pool).then(
      (rows) => {
        for (const row of rows) noted.set(row.operation, Number.NEGATIVE_INFINITY)
      },
      (error: unknown) => failed(error),
    )
    if (find(operation)?.isOptional) return
    before
      .then(() => (refusal === null ? forget(operation) : note(operation, refusal)))
      .catch((error: unknown) => failed(error))
  }

  async function note(operation: string, message: string): Promise<void> {
    const now = clock.now()
    if (now.getTime() - (noted.get(operation) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return
    noted.set(operation, now.getTime())
    log.error({ operation, reason: message }, `Stripe refuses the key: ${remedyFor(operation)}`)
    await writeRefusal(db.pool, { operation, message, refusedAt: now })
  }

  async function forget(operation: string): Promise<void> {
    if (!noted.delete(operation)) return
    log.info({ operation }, 'Stripe accepts the key for this again')
    await deleteRefusal(db.pool, operation)
  }

  function failed(error: unknown): void {
    log.warn({ err: error }, 'what Stripe refuses could not be stored')
  }
}

function find(operation: string): Operation | undefined {
  return operations[operation as OperationName]
}

/** What the operator does about a kind of call that Stripe refuses. */
export function remedyFor(operation: string): string {
  const known = find(operation)
  return known
    ? `${operation} needs the permission ${known.permission}`
    : `${operation} needs a permission that the key lacks`
}

/**
 * Which kinds of calls Stripe has refused the key and has not accepted since, each with the permission that it needs.
 * Reads the database only.
 */
export async function stripeRefusals({ db }: Pick<Resources, 'db'>): Promise<string[]> {
  return (await readRefusals(db.pool)).map(({ operation }) => remedyFor(operation))
}
