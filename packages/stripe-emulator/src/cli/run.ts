import { setFlagsFromString } from 'node:v8'
import { token } from '../core/ids.ts'
import type { StripeEmulator } from '../emulator.ts'
import { startStripeEmulator } from '../emulator.ts'
import type { CommandOptions } from './arguments.ts'

/** Runs an emulator until SIGINT or SIGTERM. If it cannot start: one line on stderr and exit code 1. */
export async function runCommand(options: CommandOptions): Promise<void> {
  const secret = options.webhookSecret ?? `whsec_${token(32)}`
  const { forwardTo, dataFile, rateLimit, taxRate, events: enabledEvents } = options
  if (dataFile !== undefined) keepHeapSmall()
  try {
    const emulator = await startStripeEmulator({
      port: options.port,
      host: options.host,
      dataFile,
      rateLimit,
      dunning: options.dunning,
      tax: taxRate === undefined ? undefined : { percentage: taxRate },
      webhooks: forwardTo === undefined ? [] : [{ url: forwardTo, secret, enabledEvents }],
    })
    stopOnSignals(emulator)
    console.log(`Local Stripe: ${emulator.url}`)
    if (forwardTo === undefined) return
    console.log(`Webhooks to: ${forwardTo}`)
    if (options.webhookSecret === undefined) console.log(`Webhook secret: ${secret}`)
  } catch (error) {
    console.error(`stripe-emulator: ${explain(error, options)}`)
    process.exitCode = 1
  }
}

function stopOnSignals(emulator: StripeEmulator): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      emulator.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
  }
}

function explain(error: unknown, options: CommandOptions): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return `port ${options.port} on ${options.host} is in use; choose another with --port`
  }
  return error instanceof Error ? error.message : String(error)
}

/**
 * Collects garbage before the heap has grown by a fifth, not by half or more: with a data file most documents are on
 * the disk, and a process with a hundred thousand of them should stay small. Costs some processor time when writing.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=20')
}
