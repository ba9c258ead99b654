import { catalog } from '../../../../apps/server/src/config.ts'
import { loadEnv, readEnv } from '../../../../apps/server/src/env.ts'
import { runServer } from '../../../../apps/server/src/server.ts'
import { benchRouter } from './procedures.ts'

// The server as it runs in production, and in the same process and stack what its procedures are measured against.

const stop = new AbortController()
process.once('disconnect', () => stop.abort())
await runServer(readEnv(loadEnv(), catalog), stop.signal, { router: benchRouter })
process.exit(0)
