import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tool } from '../run/process.mjs'
import { command, root, runNode } from './check.ts'

const PUBLISHED = ['client', 'stripe-emulator']

/** What we publish is packed as npm packs it, and its manifest and types are judged as others will resolve them. */
export async function packages(): Promise<string> {
  const filters = PUBLISHED.map((name) => `--filter=@tollgate/${name}`)
  const build = [tool('turbo'), 'run', 'build', ...filters, '--output-logs=errors-only']
  await runNode({ args: build, remedy: 'Mend the build.' })
  for (const name of PUBLISHED) await judge(name)
  return `${PUBLISHED.join(' and ')} are fit to publish`
}

async function judge(name: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-pack-'))
  try {
    const args = ['pack', '--pack-destination', folder, '--ignore-scripts']
    const cwd = join(root, 'packages', name)
    await command('npm', { args, cwd, remedy: `npm pack fails in packages/${name}.` })
    const [file = ''] = await readdir(folder)
    const tarball = join(folder, file)
    const remedy = `Mend the exports of packages/${name}/package.json.`
    await runNode({ args: [tool('publint'), 'run', '--strict', tarball], remedy })
    const attw = tool('@arethetypeswrong/cli', 'attw')
    const flags = ['--profile=esm-only', '--no-definitely-typed']
    await runNode({ args: [attw, ...flags, tarball], remedy })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
