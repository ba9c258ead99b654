import { createTollgateClient } from '@tollgate/client'
import { type Env, EnvError, readEnv } from './env.ts'
import { createPageFetcher } from './scraper/fetch-page.ts'
import { buildServer } from './server.ts'
import { identifyThrough } from './session.ts'

/** Serves until SIGTERM or SIGINT, then answers what is in flight and lets the process end with code 0. */
async function main(env: Env): Promise<void> {
  const { tollgateUrl, tollgateApiKey, scraperAllowOrigin: allowOrigin } = env
  const app = buildServer({
    tollgate: createTollgateClient({ url: tollgateUrl, apiKey: tollgateApiKey }),
    identify: identifyThrough(tollgateUrl),
    fetcher: createPageFetcher({ allowOrigin }),
    origins: env.origins,
    logger: { level: env.logLevel },
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => app.close())
  await app.listen({ host: env.host, port: env.port })
}

function explain(error: unknown): string {
  if (error instanceof EnvError) return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `Port ${'port' in error ? error.port : ''} is in use: set AGENT_PORT to another port`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

try {
  await main(readEnv())
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
