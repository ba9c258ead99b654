import { spawn } from 'node:child_process'
import { Refusal } from './refusal.ts'

export interface PackageManager {
  name: string
  /** What to run: a program, and what comes before its own arguments. */
  command: [program: string, ...args: string[]]
}

/** The package manager that called us, by what it says of itself in the environment; npm, where none does. */
export function packageManager(env: NodeJS.ProcessEnv): PackageManager {
  const name = /^(npm|pnpm|yarn|bun)\//.exec(env['npm_config_user_agent'] ?? '')?.[1] ?? 'npm'
  const script = env['npm_execpath']
  // Run by Node where it is a script of its own: on Windows a program is found by its full name only.
  if (script !== undefined && /\.[cm]?js$/.test(script)) {
    return { name, command: [process.execPath, script] }
  }
  return { name, command: [name] }
}

/** Installs what the project needs. Throws a Refusal where that fails, with the end of what was written. */
export async function install({ name, command }: PackageManager, folder: string): Promise<void> {
  const [program, ...args] = command
  console.log(`Installing with ${name} …`)
  const quiet = name === 'npm' ? ['--no-audit', '--no-fund', '--loglevel=error'] : []
  const child = spawn(program, [...args, 'install', ...quiet], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      written += chunk
    })
  }
  // Ctrl-C ends the install; then what was made is removed.
  const ignore = () => undefined
  process.on('SIGINT', ignore)
  const how = await new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) =>
      resolve(code === 0 ? null : `${signal ?? `exit code ${code}`}`),
    )
  })
  process.off('SIGINT', ignore)
  if (how === null) return
  if (UNREACHABLE.test(written)) {
    throw new Refusal(`The package registry is out of reach (${name} install). Nothing was kept.`)
  }
  console.error(written.trim().split('\n').slice(-12).join('\n'))
  throw new Refusal(`"${name} install" failed (${how}), see above. Nothing was kept.`)
}

const UNREACHABLE =
  /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|META_FETCH_FAIL/
