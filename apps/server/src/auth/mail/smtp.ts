import { createTransport } from 'nodemailer'
import type { Transport } from './mailer.ts'

/** A mail server that does not answer in this time is away. */
const TIMEOUT_MS = 10_000

/** Sends through the mail server of `SMTP_URL`. */
export function smtpTransport({ url, from }: { url: string; from: string }): Transport {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
  })
  return {
    delivery: 'smtp',
    async deliver(mail) {
      await transport.sendMail({ from, ...mail })
    },
    close: () => transport.close(),
  }
}
