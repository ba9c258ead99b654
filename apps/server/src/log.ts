import type { Logger } from 'pino'
import { pino } from 'pino'
import type { Env } from './config/env.ts'

/** Headers and fields that must not reach a log, wherever an error carries them. */
const SECRETS = [
  'authorization',
  'cookie',
  '"set-cookie"',
  '"stripe-signature"',
  'password',
  'token',
  'secret',
  'connectionString',
]

/** What pino cuts out, at the depths at which errors carry it. */
export const redact = {
  paths: SECRETS.flatMap((name) => {
    const at = name.startsWith('"') ? `[${name}]` : `.${name}`
    return [`*${at}`, `*.headers${at}`, `*.*.headers${at}`]
  }),
  censor: '[redacted]',
}

/** JSON lines on stdout, or on stderr where stdout belongs to a command's answer. Secrets are cut out. */
export function createLog(
  { logLevel }: Pick<Env, 'logLevel'>,
  output: 'stdout' | 'stderr' = 'stdout',
): Logger {
  const destination = { dest: output === 'stdout' ? 1 : 2, sync: output === 'stderr' }
  return pino({ level: logLevel, redact }, pino.destination(destination))
}
