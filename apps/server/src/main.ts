import { loadConfig } from './config/config-file.ts'
import { readDeployment } from './config/deployment.ts'
import { loadEnv } from './config/env.ts'
import { explain } from './config/start-error.ts'
import { ACCEPT_RESETS } from './prepare.ts'
import { runServer } from './server.ts'

const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())

try {
  const config = await loadConfig(process.cwd())
  const acceptResets = process.argv.includes(ACCEPT_RESETS)
  await runServer(readDeployment(loadEnv(), config), stop.signal, { acceptResets })
  process.exit(0)
} catch (error) {
  process.stderr.write(`${explain(error).join('\n')}\n`, () => process.exit(1))
}
