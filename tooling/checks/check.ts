import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Check {
  name: string
  /** Answers what it found in order, in a few words; throws a CheckFailure otherwise. */
  run: () => Promise<string>
}

/** What is wrong, line by line, and what to do about it. */
export class CheckFailure extends Error {
  constructor(lines: readonly string[], remedy: string) {
    super([...lines.map((line) => `  ${line}`), `  → ${remedy}`].join('\n'))
    this.name = 'CheckFailure'
  }
}

export interface Run {
  args: string[]
  /** What to do when it fails. */
  remedy: string
  cwd?: string
}

/** Runs Node on `args`; answers what it wrote, or throws that with the remedy when it fails. */
export async function runNode(run: Run): Promise<string> {
  return command(process.execPath, run)
}

/** As `runNode`, for another program. */
export async function command(program: string, { args, remedy, cwd = root }: Run): Promise<string> {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', NO_COLOR: '1' }
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once('error', resolve).once('close', resolve)),
  ])
  const output = `${stdout}${stderr}`.trimEnd()
  if (code !== 0) throw new CheckFailure(output.split('\n'), remedy)
  return output
}
