import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { StartError } from '../../config/start-error.ts'

export interface Program {
  name: string
  /** For Node: a script, and what follows it. */
  args: readonly string[]
  env: NodeJS.ProcessEnv
  /** Where its output goes; absent: to ours. */
  logFile?: string
}

export interface Running {
  name: string
  /** Settles when it has ended, for whatever reason, with a line that says how. */
  ended: Promise<string>
  /** Asks it to end, and waits until it has; after 30 s it is killed. */
  stop: () => Promise<void>
}

const STOP_TIMEOUT_MS = 30_000
const endWithParent = fileURLToPath(new URL('./end-with-parent.js', import.meta.url))

/** Spawns it in a group of its own, so that Ctrl-C reaches only the starter, which stops things in order. */
export function startProgram({ name, args, env, logFile }: Program): Running {
  const output = logFile === undefined ? 'inherit' : openLog(logFile)
  const child = spawn(process.execPath, ['--import', endWithParent, ...args], {
    env,
    stdio: ['ignore', output, output, 'ipc'],
    detached: process.platform !== 'win32',
  })
  if (typeof output === 'number') closeSync(output)
  const ended = endOf(child).then((how) => [`${name} ended (${how})`, ...tail(logFile)].join('\n'))
  return { name, ended, stop: () => stop(child) }
}

function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true })
  return openSync(file, 'w', 0o600)
}

/** Why it ended: what it wrote after its last log record, where it says so in words, else the end of its log. */
function tail(file: string | undefined): string[] {
  if (file === undefined) return []
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const reasons = lines.slice(lines.findLastIndex((line) => line.startsWith('{')) + 1)
  if (reasons.length > 0 && reasons.length <= 15) return reasons.map((line) => `  ${line}`)
  return [`the end of ${file}:`, ...lines.slice(-15).map((line) => `  ${line}`)]
}

async function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = endOf(child)
  child.kill('SIGTERM')
  const patience = new AbortController()
  const tooLong = delay(STOP_TIMEOUT_MS, 'too long', { signal: patience.signal }).catch(() => '')
  if ((await Promise.race([ended, tooLong])) === 'too long') child.kill('SIGKILL')
  await ended
  patience.abort()
}

export interface Once {
  /** Given to it as JSON. */
  input: object
  /** Ends it early. */
  signal: AbortSignal
}

/** Runs it to its end, and answers the JSON object that it printed. */
export async function runProgram({ name, args, env }: Program, { input, signal }: Once) {
  const child = spawn(process.execPath, args, { env, signal })
  child.stdin.on('error', () => undefined).end(JSON.stringify(input))
  const [how, stdout, stderr] = await Promise.all([
    endOf(child),
    text(child.stdout),
    text(child.stderr),
  ])
  if (how !== 'exit code 0') throw new StartError(`${name} failed (${how})`, stderr.trim())
  const answer: Record<string, unknown> = JSON.parse(stdout)
  return answer
}
