import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../apps/server/src/starter/postgres/index.ts'

const execute = promisify(execFile)

/** Runs a program to its end in `cwd`; answers what it wrote on stdout, or throws with all that it wrote. */
export async function run(
  [program = '', ...args]: readonly string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<string> {
  try {
    const { stdout } = await execute(program, args, { cwd, env, maxBuffer: 2 ** 26 })
    return stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${[program, ...args].join(' ')}\n${stdout}\n${stderr}`, { cause: error })
  }
}

/** A project that `create-tollgate` has made. */
export interface Outside {
  folder: string
  app: string
  env: NodeJS.ProcessEnv
}

/** Gives a new project its own ports and catalogue, as somebody would: with an editor that ends lines as Windows does. */
export async function configure(folder: string, env: NodeJS.ProcessEnv): Promise<Outside> {
  const [port, stripe] = [await freePort(), await freePort()]
  const lines = [`PORT=${port}`, `STRIPE_EMULATOR_PORT=${stripe}`, '']
  await writeFile(join(folder, '.env'), lines.join('\r\n'))
  await writeFile(join(folder, 'tollgate.config.ts'), CONFIG)
  return { folder, app: `http://127.0.0.1:${port}`, env }
}

const CONFIG = `import { definePlans } from '@tollgate/core'

export const catalog = definePlans({
  meters: {
    minutes: { name: 'Minutes', unit: ['minute', 'minutes'] },
    gb: { name: 'Gigabytes', unit: ['gigabyte', 'gigabytes'] },
  },
  plans: {
    starter: {
      name: 'Starter',
      description: 'For one studio',
      price: { month: { eur: 900 } },
      limits: { minutes: 60, gb: 5 },
    },
    team: {
      name: 'Team',
      description: 'For several',
      price: { month: { eur: 4_900 } },
      limits: { minutes: 1_000, gb: 'unlimited' },
    },
  },
})

export const theme = { name: 'Studio Hours', colours: { accent: '#b45309' } }
`

export interface Running {
  /** All that it has written so far. */
  output: () => string
  /** Ctrl-C, and waits until it has ended, with all that it has started. A repeat does nothing. */
  interrupt: () => Promise<void>
}

/** Starts it as somebody at a terminal would, and waits until everything is ready. */
export async function start(
  { folder, env }: Outside,
  [program = '', ...args]: readonly string[] = ['npm', 'start'],
): Promise<Running> {
  // In a group of its own, which Ctrl-C reaches as a whole.
  const child = spawn(program, args, {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const ended = once(child, 'close')
  while (!output.includes('Ctrl-C stops everything')) {
    if (child.exitCode !== null) throw new Error(`it ended before it was ready:\n${output}`)
    await Promise.race([once(child.stdout, 'data'), ended])
  }
  return {
    output: () => output,
    interrupt: async () => {
      const over = child.exitCode !== null || child.signalCode !== null
      if (child.pid !== undefined && !over) process.kill(-child.pid, 'SIGINT')
      await ended
    },
  }
}
