import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'

export interface Mail {
  to: string
  subject: string
  text: string
}

/** How mail leaves this server: by SMTP, into a page of this machine, or not at all. */
export type Delivery = 'smtp' | 'outbox' | 'none'

/** What takes one mail to where it can be read. Rejects where that failed. */
export interface Transport {
  delivery: Exclude<Delivery, 'none'>
  deliver(mail: Mail): Promise<void>
  close(): void
}

/** A mail server that is away for a moment is asked again. */
const RETRY_AFTER_MS = [2_000, 15_000, 60_000]
/** Mails that wait at once; each holds some kilobytes. */
const MAX_WAITING = 1_000

/**
 * Sends mail in the background. Nobody waits for it: how long an answer takes tells nobody whether an account exists.
 * A mail that is not delivered after some tries is an error in the log, without its text.
 */
export class Mailer {
  readonly #transport: Transport
  readonly #log: Logger
  readonly #closing = new AbortController()
  readonly #sending = new Set<Promise<void>>()

  constructor(transport: Transport, log: Logger) {
    this.#transport = transport
    this.#log = log
  }

  get delivery(): Delivery {
    return this.#transport.delivery
  }

  send(mail: Mail): void {
    if (this.#sending.size >= MAX_WAITING) {
      this.#log.error({ subject: mail.subject }, 'a mail was dropped: too many wait')
      return
    }
    const sending = this.#deliver(mail).finally(() => this.#sending.delete(sending))
    this.#sending.add(sending)
  }

  /** Waits for what is being sent. What would have to be tried again later is given up. */
  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all(this.#sending)
    this.#transport.close()
  }

  async #deliver(mail: Mail): Promise<void> {
    for (const retryAfterMs of [...RETRY_AFTER_MS, null]) {
      try {
        await this.#transport.deliver(mail)
        return
      } catch (error) {
        const last = retryAfterMs === null || this.#closing.signal.aborted
        this.#log[last ? 'error' : 'warn'](
          { err: error, subject: mail.subject },
          last ? 'a mail was not sent' : 'a mail was not sent; trying again',
        )
        if (last) return
        // Cut short by close(): one more try, then the end.
        const { signal } = this.#closing
        await delay(retryAfterMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }
}
