import { catalog } from './config.ts'
import { EnvError, loadEnv, readEnv } from './env.ts'
import { runServer } from './server.ts'

const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())

try {
  await runServer(readEnv(loadEnv(), catalog), stop.signal)
  process.exit(0)
} catch (error) {
  const lines = error instanceof EnvError ? error.lines : [explain(error)]
  process.stderr.write(`${lines.join('\n')}\n`, () => process.exit(1))
}

/** One line; the cause says what a migration or a connection stumbled over. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
