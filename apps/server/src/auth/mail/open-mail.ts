import type { Context } from '@tollgate/core'
import type { Logger } from 'pino'
import type { Env } from '../../config/env.ts'
import { isLoopbackOrigin, whyNotLocal } from '../../config/local.ts'
import { AccountMail } from './account-mail.ts'
import type { Transport } from './mailer.ts'
import { Mailer } from './mailer.ts'
import { messagesOf } from './messages.ts'
import type { SentMail } from './outbox.ts'
import { outboxTransport } from './outbox.ts'
import { smtpTransport } from './smtp.ts'

export interface OpenMail {
  mail: AccountMail
  /** What the outbox page shows; null where mail leaves this machine. */
  outbox: (() => readonly SentMail[]) | null
}

export interface MailOptions {
  core: Context
  env: Env
  log: Logger
  product: string
}

/** Mail as this deployment has it: by SMTP, into the outbox of a try-out on this machine, or null: none. */
export function openMail({ core, env, log, product }: MailOptions): OpenMail | null {
  const accountMail = (transport: Transport) =>
    new AccountMail(core, {
      mailer: new Mailer(transport, log),
      messages: messagesOf({ product, appUrl: env.appUrl }),
    })
  if (env.mail) {
    const transport = smtpTransport({ url: env.mail.smtpUrl, from: env.mail.from })
    return { mail: accountMail(transport), outbox: null }
  }
  // Behind a public address, its readers would be strangers.
  if (whyNotLocal(env) !== null || !isLoopbackOrigin(env.appUrl)) return null
  const transport = outboxTransport(() => core.clock.now())
  return { mail: accountMail(transport), outbox: transport.mails }
}
