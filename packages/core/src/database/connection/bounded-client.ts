import pg from 'pg'

/** A connection gave no answer within its bound: nobody knows whether what it was asked has happened. */
export class SilentConnectionError extends Error {
  override readonly name = 'SilentConnectionError'
  readonly code = 'ETIMEDOUT'
}

export interface BoundedConfig extends pg.ClientConfig {
  /** How long a statement may go without its answer; longer than PostgreSQL itself lets a statement take. */
  silenceMs?: number
}

/**
 * A connection that is destroyed once a statement has had no answer for `silenceMs`, whoever holds it: its statements
 * fail with a SilentConnectionError, those that come later fail at once, and its pool makes another. pg's own
 * `query_timeout` fails the statement and keeps the connection, whose next statements then wait behind the dead one.
 */
export class BoundedClient extends pg.Client {
  readonly #silenceMs: number | undefined
  readonly #unanswered = new Set<{ since: number }>()

  constructor(config: BoundedConfig) {
    super(config)
    this.#silenceMs = config.silenceMs
  }

  /** How long the oldest statement without an answer has waited for it; 0 where there is none. */
  get waitingMs(): number {
    const [oldest] = this.#unanswered
    return oldest === undefined ? 0 : performance.now() - oldest.since
  }

  /** Ends the connection without a word to PostgreSQL, which may not listen. */
  destroy(error?: Error): void {
    this.connection.stream.destroy(error)
  }

  /** All forms that pg declares: their last argument is a function that takes the answer, or they return a promise. */
  override query(...args: unknown[]): never {
    const answered = this.#expectAnswer()
    const last = args.at(-1)
    if (typeof last === 'function') {
      const callback = (...answer: unknown[]) => {
        answered()
        Reflect.apply(last, undefined, answer)
      }
      return Reflect.apply(super.query, this, [...args.slice(0, -1), callback]) as never
    }
    const result: unknown = Reflect.apply(super.query, this, args)
    if (result instanceof Promise) result.then(answered, answered)
    else answered()
    return result as never
  }

  #expectAnswer(): () => void {
    const statement = { since: performance.now() }
    const timer =
      this.#silenceMs === undefined
        ? undefined
        : setTimeout(() => this.destroy(silent(statement.since)), this.#silenceMs)
    this.#unanswered.add(statement)
    return () => {
      clearTimeout(timer)
      this.#unanswered.delete(statement)
    }
  }
}

function silent(since: number): SilentConnectionError {
  const seconds = Math.round((performance.now() - since) / 1_000)
  return new SilentConnectionError(
    `PostgreSQL gave no answer for ${seconds} s: the connection is given up`,
  )
}
