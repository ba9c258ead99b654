import type { FastifyInstance } from 'fastify'
import { isLoopback } from '../../config/local.ts'
import { wasForwarded } from '../../http/listener/forwarded.ts'
import type { Mail, Transport } from './mailer.ts'

/** How many of the last mails are kept, in memory alone. */
const MAX_MAILS = 100

export interface SentMail extends Mail {
  id: number
  /** ISO 8601, UTC. */
  sentAt: string
}

/** Keeps mails for a page of this machine, where no mail server is set up. */
export function outboxTransport(now: () => Date): Transport & { mails: () => readonly SentMail[] } {
  const mails: SentMail[] = []
  let count = 0
  return {
    delivery: 'outbox',
    async deliver(mail) {
      mails.unshift({ ...mail, id: ++count, sentAt: now().toISOString() })
      mails.splice(MAX_MAILS)
    },
    mails: () => mails,
    close: () => undefined,
  }
}

/**
 * What the outbox page reads. Its links open accounts, so it answers only what names this machine as the host: neither
 * a foreign page behind a name that points here, nor whoever comes through a proxy.
 */
export function addOutbox(app: FastifyInstance, mails: () => readonly SentMail[]): void {
  app.get('/api/outbox', async ({ raw, hostname }, reply) => {
    const isForwarded = wasForwarded(raw) || raw.headers.via !== undefined
    if (isForwarded || !isLoopback(hostname)) return reply.callNotFound()
    return reply.header('cache-control', 'no-store').send({ mails: mails() })
  })
}
