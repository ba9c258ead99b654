import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tool } from '../run/process.mjs'
import { command, root, runNode } from './check.ts'
import { STRANGER } from './stranger.ts'

const PUBLISHED = ['client', 'stripe-emulator']

/** What we publish is packed as npm packs it; its manifest and types are judged, and a stranger uses the client. */
export async function packages(): Promise<string> {
  const filters = PUBLISHED.map((name) => `--filter=@tollgate/${name}`)
  const build = [tool('turbo'), 'run', 'build', ...filters, '--output-logs=errors-only']
  await runNode({ args: build, remedy: 'Mend the build.' })
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-pack-'))
  try {
    for (const name of PUBLISHED) await judge(name, await pack(name, folder))
    await compileStranger(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return `${PUBLISHED.join(' and ')} are fit to publish; the client type-checks in an empty project`
}

async function pack(name: string, folder: string): Promise<string> {
  const destination = join(folder, name)
  await mkdir(destination)
  const args = ['pack', '--pack-destination', destination, '--ignore-scripts']
  const cwd = join(root, 'packages', name)
  await command('npm', { args, cwd, remedy: `npm pack fails in packages/${name}.` })
  const [file = ''] = await readdir(destination)
  return join(destination, file)
}

async function judge(name: string, tarball: string): Promise<void> {
  const remedy = `Mend the exports of packages/${name}/package.json.`
  await runNode({ args: [tool('publint'), 'run', '--strict', tarball], remedy })
  const attw = [
    tool('@arethetypeswrong/cli', 'attw'),
    '--profile=esm-only',
    '--no-definitely-typed',
  ]
  await runNode({ args: [...attw, tarball], remedy })
}

/** An empty project with nothing but our client, under the strictest reading of its declarations. */
async function compileStranger(folder: string): Promise<void> {
  const project = join(folder, 'project')
  const installed = join(project, 'node_modules/@tollgate/client')
  await mkdir(installed, { recursive: true })
  const [tarball = ''] = await readdir(join(folder, 'client'))
  const unpack = ['-xzf', join(folder, 'client', tarball), '-C', installed, '--strip-components=1']
  await command('tar', { args: unpack, cwd: project, remedy: 'tar has to be installed.' })
  await writeFile(join(project, 'package.json'), '{ "type": "module" }')
  await writeFile(join(project, 'index.ts'), STRANGER)
  for (const module of ['nodenext', 'preserve']) {
    const flags = [
      '--strict',
      '--skipLibCheck',
      'false',
      '--noEmit',
      '--types',
      '',
      '--target',
      'es2022',
    ]
    await runNode({
      args: [tool('typescript', 'tsc'), ...flags, '--module', module, 'index.ts'],
      cwd: project,
      remedy:
        'A type of another package leaks into the declarations of @tollgate/client: keep it out of the ' +
        'Context, the meta and the outputs of packages/api.',
    })
  }
}
