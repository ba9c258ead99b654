// Generates the Prisma client, offline: the schema engine's binary, which Prisma would download, is never started for
// this, so any program may stand in for it.
import { createRequire } from 'node:module'
import { node } from './process.mjs'

const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js')
const env = {
  ...process.env,
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
}
await node([prisma, 'generate', '--no-hints'], { env, what: 'prisma generate' })
