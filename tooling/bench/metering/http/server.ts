import { catalog } from '@tollgate/testing/catalog'
import { readDeployment } from '../../../../apps/server/src/config/deployment.ts'
import { loadEnv } from '../../../../apps/server/src/config/env.ts'
import { runServer } from '../../../../apps/server/src/server.ts'
import { benchRouter } from './procedures.ts'

// The server as it runs in production, and in the same process and stack what its procedures are measured against.

const stop = new AbortController()
process.once('disconnect', () => stop.abort())
const config = { file: '', catalog, origins: [], theme: {} }
await runServer(readDeployment(loadEnv(), config), stop.signal, { router: benchRouter })
process.exit(0)
