import { parseArgs } from 'node:util'
import type { Dunning } from '../core/context.ts'

/** The options of the command line. */
export interface CommandOptions {
  port: number
  host: string
  forwardTo?: string | undefined
  webhookSecret?: string | undefined
  dataFile?: string | undefined
  events?: string[] | undefined
  rateLimit?: number | undefined
  dunning: Partial<Dunning>
  taxRate?: number | undefined
}

const DEFAULT_PORT = 12_111

const HELP = `A local, stateful Stripe for subscriptions.

npx @tollgate/stripe-emulator [options]

  --port N              port to listen on (default ${DEFAULT_PORT}; 0 takes a free port)
  --host ADDRESS        address to listen on (default 127.0.0.1)
  --forward-to URL      send webhooks there
  --events A,B          only these types of events (default: all)
  --webhook-secret S    the signing secret, whsec_… (default: a new one, printed)
  --data FILE           keep the state in this file
  --dunning END         what a subscription is after the last failed attempt: cancel (default), unpaid, past_due, pause
  --retry-days A,B      days between the attempts (default 3,5,7; none: one attempt)
  --rate-limit N        answer 429 beyond N requests a second (Stripe: 25 in test mode)
  --tax-rate N          the rate of automatic tax, out of 100 (default 0)
  --help                show this text`

/** Parses the command line. A text and an exit code instead: print it and exit, for `--help` and for wrong options. */
export function readArguments(args: string[]): CommandOptions | { text: string; exitCode: number } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'forward-to': { type: 'string' },
        events: { type: 'string' },
        'webhook-secret': { type: 'string' },
        data: { type: 'string' },
        'rate-limit': { type: 'string' },
        dunning: { type: 'string' },
        'retry-days': { type: 'string' },
        'tax-rate': { type: 'string' },
        help: { type: 'boolean' },
      },
    })
    if (values.help === true) return { text: HELP, exitCode: 0 }
    const wrong = problemOf(values)
    if (wrong !== null) return { text: `stripe-emulator: ${wrong}`, exitCode: 1 }
    return {
      port: Number(values.port ?? DEFAULT_PORT),
      host: values.host ?? '127.0.0.1',
      forwardTo: values['forward-to'],
      webhookSecret: values['webhook-secret'],
      dataFile: values.data,
      events: values.events?.split(','),
      taxRate: values['tax-rate'] === undefined ? undefined : Number(values['tax-rate']),
      rateLimit: values['rate-limit'] === undefined ? undefined : Number(values['rate-limit']),
      dunning: dunningOf(values),
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { text: `stripe-emulator: ${reason.split('\n')[0]}`, exitCode: 1 }
  }
}

const ENDS = ['cancel', 'unpaid', 'past_due', 'pause'] as const

function dunningOf(values: Record<string, string | boolean | undefined>): Partial<Dunning> {
  const end = ENDS.find((one) => one === values['dunning'])
  const days = values['retry-days']
  return {
    ...(end !== undefined && { finally: end }),
    ...(typeof days === 'string' && {
      retryAfterDays: days === 'none' ? [] : days.split(',').map(Number),
    }),
  }
}

function problemOf(values: Record<string, string | boolean | undefined>): string | null {
  const { port = String(DEFAULT_PORT), 'forward-to': forwardTo, 'webhook-secret': secret } = values
  const { 'rate-limit': rateLimit, 'tax-rate': taxRate } = values
  if (!/^\d+$/.test(String(port)) || Number(port) > 65_535) {
    return `--port must be a number from 0 to 65535, not '${port}'`
  }
  if (typeof forwardTo === 'string' && !isUrl(forwardTo)) {
    return `--forward-to must be an http or https URL, not '${forwardTo}'`
  }
  if (rateLimit !== undefined && !/^[1-9]\d{0,5}$/.test(String(rateLimit))) {
    return `--rate-limit must be a whole number above 0, not '${rateLimit}'`
  }
  const { dunning, 'retry-days': days = 'none' } = values
  if (dunning !== undefined && !ENDS.some((one) => one === dunning)) {
    return `--dunning must be one of ${ENDS.join(', ')}, not '${dunning}'`
  }
  if (days !== 'none' && !/^[1-9]\d?(,[1-9]\d?)*$/.test(String(days))) {
    return `--retry-days must be days such as 3,5,7, or none, not '${days}'`
  }
  if (taxRate !== undefined && !/^(\d{1,2}(\.\d{1,4})?|100)$/.test(String(taxRate))) {
    return `--tax-rate must be a number from 0 to 100, not '${taxRate}'`
  }
  if (typeof secret === 'string' && secret === '') return '--webhook-secret must not be empty'
  return null
}

function isUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
}
