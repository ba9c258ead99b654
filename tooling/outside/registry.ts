import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../apps/server/src/starter/postgres/index.ts'
import { findPublished } from '../published.ts'
import { root, tool } from '../run/process.mjs'

const run = promisify(execFile)

export interface Registry {
  /** For npm and pnpm, in place of their own settings, caches and stores. */
  env: NodeJS.ProcessEnv
  stop: () => Promise<void>
}

/**
 * A registry on loopback that has our packages, as they are built now, and passes on what the machine's own registry
 * has. All that it and its users keep is in `folder`.
 */
export async function startRegistry(folder: string): Promise<Registry> {
  const { stdout: upstream } = await run('npm', ['config', 'get', 'registry'], { cwd: root })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const config = join(folder, 'verdaccio.json')
  await writeFile(config, JSON.stringify(settings(folder, upstream.trim())))
  const args = [tool('verdaccio'), '--config', config, '--listen', `127.0.0.1:${port}`]
  const server = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' })
  const ended = once(server, 'close')
  const stop = async () => {
    server.kill()
    await ended
  }
  try {
    while (!(await fetch(`${url}-/ping`).catch(() => null))?.ok) {
      if (server.exitCode !== null) throw new Error(`verdaccio ended with ${server.exitCode}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const env = await userEnvironment(folder, url)
    await publishAll(folder, env)
    return { env, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function settings(folder: string, upstream: string): object {
  const open = { access: '$all', publish: '$all' }
  return {
    storage: join(folder, 'storage'),
    uplinks: { machine: { url: upstream, timeout: '60s', maxage: '1h' } },
    packages: { '@tollgate/*': open, 'create-tollgate': open, '**': { ...open, proxy: 'machine' } },
    max_body_size: '100mb',
    log: { type: 'stdout', level: 'fatal' },
    web: { enable: false },
  }
}

/** Nothing of this machine's user: neither settings nor what was downloaded before. */
async function userEnvironment(folder: string, url: string): Promise<NodeJS.ProcessEnv> {
  const home = join(folder, 'home')
  await mkdir(home)
  const lines = [
    `registry=${url}`,
    // npm publishes with a token alone; this registry takes any.
    `//${new URL(url).host}/:_authToken=anybody`,
    'fund=false',
    'audit=false',
    'update-notifier=false',
  ]
  await writeFile(join(home, '.npmrc'), lines.join('\n'))
  return { PATH: process.env['PATH'], HOME: home, NODE_ENV: '', CI: '1' }
}

/** Packs and publishes each package that is not private. They are built already. */
async function publishAll(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const packed = join(folder, 'packed')
  await mkdir(packed)
  const quiet = ['--ignore-scripts', '--loglevel=error']
  for (const { folder: cwd } of findPublished()) {
    await run('npm', ['pack', '--pack-destination', packed, ...quiet], { cwd })
  }
  for (const name of await readdir(packed)) {
    await run('npm', ['publish', join(packed, name), ...quiet], { cwd: folder, env })
  }
}
