import { statSync } from 'node:fs'
import { join } from 'node:path'
import { buildEnv, command, Failure, node, root, say } from './process.mjs'

/** Runs `npm ci` on a fresh clone, and again when package-lock.json has changed since. */
export async function ensureInstalled() {
  refuseOldNode()
  if (modified('node_modules/.package-lock.json') >= modified('package-lock.json')) return
  say('Installing the dependencies (npm ci, up to a minute) …')
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const options = { env: buildEnv(), quiet: true, what: 'npm ci' }
  const npm = process.env['npm_execpath']
  if (npm?.endsWith('.js')) await node([npm, ...args], options)
  else await command('npm', args, options)
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new Failure(`Node ${process.versions.node} is too old: Tollgate needs 20.19 or newer`)
}

/** @param {string} file */
function modified(file) {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
}
