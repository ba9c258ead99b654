import type { Context } from '@tollgate/core'
import type { Limit } from '../limits/attempts.ts'
import { countTry, keyOf } from '../limits/attempts.ts'
import type { Mail, Mailer } from './mailer.ts'
import type { Messages } from './messages.ts'

/** So that nobody can fill somebody else's mailbox through us. */
const PER_RECIPIENT: Limit = { max: 5, windowMs: 60 * 60_000 }

/**
 * Mails about accounts. Each method returns at once and never throws: what happens with a mail, and whether there was
 * one at all, is not to be seen in an answer.
 */
export class AccountMail {
  readonly mailer: Mailer
  readonly #core: Context
  readonly #messages: Messages

  constructor(core: Context, { mailer, messages }: { mailer: Mailer; messages: Messages }) {
    this.mailer = mailer
    this.#core = core
    this.#messages = messages
  }

  resetPassword(to: string, token: string): void {
    this.#sendLimited({ to, ...this.#messages.resetPassword(token) })
  }

  verifyEmail(to: string, token: string): void {
    this.#sendLimited({ to, ...this.#messages.verifyEmail(token) })
  }

  passwordChanged(to: string): void {
    this.mailer.send({ to, ...this.#messages.passwordChanged() })
  }

  emailChangeAsked(to: string, newEmail: string): void {
    this.#sendLimited({ to, ...this.#messages.emailChangeAsked(newEmail) })
  }

  accountDeleted(to: string): void {
    this.mailer.send({ to, ...this.#messages.accountDeleted() })
  }

  #sendLimited(mail: Mail): void {
    const { db, clock, log } = this.#core
    const key = keyOf('mail', mail.to.toLowerCase(), mail.subject)
    countTry(db.pool, { key, now: clock.now() }, PER_RECIPIENT).then(
      ({ allowed }) => {
        if (allowed) this.mailer.send(mail)
        else log.info({ subject: mail.subject }, 'a mail was not sent: this address had several')
      },
      (error: unknown) => log.error({ err: error, subject: mail.subject }, 'a mail was not sent'),
    )
  }
}
