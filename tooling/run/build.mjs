import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildEnv, node, root, say, tool } from './process.mjs'

/**
 * Generates the Prisma client and builds the programs and packages that are named, and what they need; all, where none is
 * named. What has not changed comes from turbo's cache.
 * @param {string[]} [names]
 */
export async function build(names = []) {
  const first = !existsSync(join(root, 'apps/server/dist'))
  say(first ? 'Building (about a minute the first time) …' : 'Building what has changed …')
  await turbo('build', ...names.map((name) => `--filter={./*/${name}}`))
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
