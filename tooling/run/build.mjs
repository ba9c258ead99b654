import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildEnv, node, root, say, tool } from './process.mjs'

/** What a start runs, and the package of pages, which the tests embed as it is built. The client is built only to be published. */
const PROGRAMS = ['server', 'web', 'ui', 'agent', 'stripe-emulator', 'starter']

/** Generates the Prisma client and builds the programs; what has not changed comes from turbo's cache. */
export async function build() {
  const first = !existsSync(join(root, 'apps/server/dist'))
  say(first ? 'Building (about 20 s the first time) …' : 'Building what has changed …')
  await turbo('build', ...PROGRAMS.map((name) => `--filter=@tollgate/${name}`))
}

/** Generates the Prisma client alone: what types, lint and tests need from a fresh clone. */
export async function generate() {
  await turbo('generate')
}

/**
 * @param {string} task
 * @param {string[]} filters
 */
async function turbo(task, ...filters) {
  const args = [
    tool('turbo'),
    'run',
    task,
    ...filters,
    '--concurrency=100%',
    '--output-logs=errors-only',
    '--ui=stream',
  ]
  await node(args, { env: buildEnv(), quiet: true, what: `turbo run ${task}` })
}
