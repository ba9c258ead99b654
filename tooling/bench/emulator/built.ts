import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../../run/process.mjs'

const folder = join(root, 'packages/stripe-emulator/dist')

/** The library as it is published, not its source. */
export const library: typeof import('@tollgate/stripe-emulator') = await import(
  join(folder, 'index.js')
)

/** Starts the published command on a free port; resolves as soon as it has said where it listens. */
export async function command(
  ...flags: string[]
): Promise<{ url: string; pid: number; end: () => Promise<void> }> {
  const args = [join(folder, 'cli.js'), '--port', '0', ...flags]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\S+/.exec(line)?.[0]
    if (url === undefined) continue
    return {
      url,
      pid: child.pid ?? 0,
      async end() {
        child.kill()
        await exited
      },
    }
  }
  throw new Error('the emulator ended before it listened')
}
