import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildEnv, node, root, say, tool } from './process.mjs'

/** Generates the Prisma client and builds all that is built; what has not changed comes from turbo's cache. */
export async function build() {
  const first = !existsSync(join(root, 'apps/server/dist'))
  say(first ? 'Building (about 20 s the first time) …' : 'Building what has changed …')
  await turbo(['build'])
}

/** Generates the Prisma client alone: what types, lint and tests need from a fresh clone. */
export async function generate() {
  await turbo(['generate'])
}

/** @param {string[]} tasks */
export async function turbo(tasks) {
  const quiet = ['--output-logs=errors-only', '--log-prefix=none', '--ui=stream', '--no-color']
  const args = [tool('turbo'), 'run', ...tasks, ...quiet, '--log-order=grouped']
  await node(args, { env: buildEnv(), quiet: true, what: `turbo run ${tasks.join(' ')}` })
}
