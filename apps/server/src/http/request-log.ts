import type { FastifyBaseLogger } from 'fastify'

type Bindings = Parameters<FastifyBaseLogger['child']>[0]

/** A request's own logger, made when there is something to say: for most there is not, and making one is dear. */
export class RequestLog {
  readonly #parent: FastifyBaseLogger
  readonly #bindings: Bindings
  #made: FastifyBaseLogger | undefined

  constructor(parent: FastifyBaseLogger, bindings: Bindings) {
    this.#parent = parent
    this.#bindings = bindings
  }

  get #log(): FastifyBaseLogger {
    this.#made ??= this.#parent.child(this.#bindings)
    return this.#made
  }

  get level(): string {
    return this.#parent.level
  }

  fatal(fields: unknown, message?: string): void {
    this.#log.fatal(fields, message)
  }
  error(fields: unknown, message?: string): void {
    this.#log.error(fields, message)
  }
  warn(fields: unknown, message?: string): void {
    this.#log.warn(fields, message)
  }
  info(fields: unknown, message?: string): void {
    this.#log.info(fields, message)
  }
  debug(fields: unknown, message?: string): void {
    this.#log.debug(fields, message)
  }
  trace(fields: unknown, message?: string): void {
    this.#log.trace(fields, message)
  }
  silent(fields: unknown, message?: string): void {
    this.#log.silent(fields, message)
  }
  child(bindings: Bindings): FastifyBaseLogger {
    return this.#log.child(bindings)
  }
}
