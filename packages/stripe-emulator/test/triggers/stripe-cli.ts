import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const manifest = require.resolve('@stripe/cli/package.json')
const command = join(dirname(manifest), require(manifest).bin.stripe)

/** The result of a run of Stripe's command line. */
export interface Run {
  exitCode: number
  output: string
}

/** Runs Stripe's own command line in a home of its own, without telemetry. */
export async function stripeCli(args: readonly string[]): Promise<Run> {
  const home = await mkdtemp(join(tmpdir(), 'stripe-cli-'))
  // biome-ignore lint/style/noProcessEnv: the command line is another program, found by PATH.
  const env = { PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: home }
  try {
    return await new Promise((resolve) => {
      execFile(
        process.execPath,
        [command, ...args],
        { env: { ...env, STRIPE_CLI_TELEMETRY_OPTOUT: '1' } },
        (error, stdout, stderr) => {
          const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
          resolve({ exitCode, output: stdout + stderr })
        },
      )
    })
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/** Every trigger of `stripe trigger`. */
export async function allTriggers(): Promise<string[]> {
  const { output } = await stripeCli(['trigger', '--help'])
  const [, list = ''] = /Supported events:\n((?: {2}\S+\n)+)/.exec(output) ?? []
  return list.split('\n').flatMap((line) => (line === '' ? [] : [line.trim()]))
}
