import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A program of this repo from its source, with this environment and no other. */
export function startProgram(
  main: string,
  env: NodeJS.ProcessEnv,
  folder = tmpdir(),
): ChildProcess {
  const source = ['--conditions=tollgate-source', '--import', import.meta.resolve('tsx')]
  return spawn(process.execPath, [...source, `${root}${main}`], {
    // Where no `.env` lies.
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

/** Waits until it ends by itself. */
export async function outcome(program: ChildProcess) {
  const [stderr, [code]] = await Promise.all([
    program.stderr ? text(program.stderr) : '',
    once(program, 'exit'),
  ])
  return { code, stderr }
}

/** At once: how a program ends when it is asked to is a test's own business. */
export async function endProgram(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return
  program.kill('SIGKILL')
  await once(program, 'exit')
}

/** Waits until `url` answers 200. */
export async function answering(url: string, program: ChildProcess): Promise<void> {
  await vi.waitFor(
    async () => {
      if (program.exitCode !== null) throw new Error(`ended with ${program.exitCode}`)
      const { status } = await fetch(url)
      if (status !== 200) throw new Error(`${url} answers ${status}`)
    },
    { timeout: 60_000, interval: 100 },
  )
}
