// Runs the built product in this process, so that a signal to it reaches what it has started: `start` and `dev` as
// `tollgate dev` does, with the example agent beside it; `tollgate` with any of its commands.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from './process.mjs'

/** @typedef {Partial<import('@tollgate/server').Mode>} Mode */

/** @type {Mode} */
const built = { agent: [join(root, 'apps/agent/dist/main.js')] }

/** From its source, each program again whenever a file that it imports changes; and the pages are built again. */
function fromSource() {
  const resolve = createRequire(import.meta.url).resolve
  const tsx = [resolve('tsx/cli'), 'watch', '--clear-screen=false', '--conditions=tollgate-source']
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  /** @type {Mode} */
  const mode = {
    server: [...tsx, join(root, 'apps/server/src/main.ts')],
    stripe: [...tsx, join(root, 'packages/stripe-emulator/src/cli.ts')],
    agent: [...tsx, join(root, 'apps/agent/src/main.ts')],
    pages: [vite, 'build', '--watch', '--logLevel=warn', join(root, 'apps/web')],
    verbose: true,
  }
  return mode
}

const [command, ...args] = process.argv.slice(2)
process.chdir(root)
const library = join(root, 'apps/server/dist/index.js')
/** @type {typeof import('@tollgate/server')} */
const { tollgate } = await import(library)
if (command === 'tollgate') process.exitCode = await tollgate(args)
else process.exitCode = await tollgate(['dev', ...args], command === 'dev' ? fromSource() : built)
