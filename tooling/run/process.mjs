import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** What a contributor is told in one line; no stack is shown. */
export class Failure extends Error {}

/**
 * Progress goes to stderr, so that `npm run tollgate -- … --json` leaves stdout to the command.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * The file behind a tool's name in node_modules. Run with this Node, it works on every system, and never asks the
 * registry for another version, as a bare `npx` would.
 * @param {string} packageName
 * @param {string} [binName]
 */
export function tool(packageName, binName = packageName) {
  const folder = join(root, 'node_modules', packageName)
  /** @type {{ bin: string | Record<string, string> }} */
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : (bin[binName] ?? ''))
}

/**
 * @typedef {object} RunOptions
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [quiet] What it writes is shown only when it fails.
 * @property {string} [what] Its name in a message, when it fails.
 */

/**
 * Runs Node on `args` and waits; rejects with a Failure when it ends with anything but 0.
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export function node(args, options) {
  return command(process.execPath, args, options)
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<void>}
 */
export function command(program, args, { env = process.env, quiet = false, what } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = quiet ? 'pipe' : 'inherit'
    const child = spawn(program, args, { cwd: root, env, stdio: ['inherit', stdio, stdio] })
    let written = ''
    child.stdout?.on('data', (chunk) => (written += chunk))
    child.stderr?.on('data', (chunk) => (written += chunk))
    // Ctrl-C reaches the child by itself; SIGTERM has to be passed on.
    const forward = () => child.kill('SIGTERM')
    process.once('SIGTERM', forward)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      process.off('SIGTERM', forward)
      if (code === 0) return resolve()
      if (quiet) say(written)
      reject(new Failure(`${what ?? [program, ...args].join(' ')} failed (${signal ?? code})`))
    })
  })
}

/** Without NODE_ENV=production, under which npm leaves out what the build needs. */
export function buildEnv() {
  const { NODE_ENV: _, ...env } = process.env
  return { ...env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }
}
