import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const require = createRequire(import.meta.url)

/** A package as npm packs it, installed in a project outside the repository. */
export interface PackedProject {
  /** The project's folder; its own modules are ES modules. */
  folder: string
  /** Where the package is installed in it. */
  installed: string
  /** The compiler's complaints about one file of the project, a line each; none when it compiles. */
  complaints(file: string, compilerOptions: object): Promise<string[]>
  /** Runs a program of Node in the project. Resolves with what it wrote; rejects when it failed. */
  node(...args: string[]): Promise<{ stdout: string; stderr: string }>
  remove(): Promise<void>
}

/**
 * Packs the package in `source` and installs it. `builds` are the programs that build it, each with its arguments for a
 * folder: it is built beside the repository and not in it, so that no other build is in the way.
 */
export async function createPackedProject(
  source: string,
  builds: (outDir: string) => readonly (readonly [bin: string, ...args: string[]])[],
): Promise<PackedProject> {
  const root = await mkdtemp(join(tmpdir(), 'tollgate-packed-'))
  const folder = join(root, 'project')
  const installed = join(folder, 'node_modules/@tollgate', basename(source))
  await mkdir(installed, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const staged = join(root, 'staged')
  await mkdir(staged)
  for (const file of ['package.json', 'README.md', 'LICENSE']) {
    await cp(join(source, file), join(staged, file))
  }
  for (const [bin, ...args] of builds(join(staged, 'dist'))) {
    await execute(process.execPath, [bin, ...args], { cwd: source })
  }
  await execute('npm', ['pack', '--ignore-scripts', '--pack-destination', root], { cwd: staged })
  const [tarball = ''] = (await readdir(root)).filter((name) => name.endsWith('.tgz'))
  await execute('tar', ['-xzf', join(root, tarball), '-C', installed, '--strip-components=1'])
  const node: PackedProject['node'] = (...args) => execute(process.execPath, args, { cwd: folder })
  return {
    folder,
    installed,
    node,
    async complaints(file, compilerOptions) {
      const config = { compilerOptions, files: [file] }
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
      const tsc = require.resolve('typescript/bin/tsc')
      const output = await node(tsc, '-p', folder, '--pretty', 'false').then(
        () => '',
        (error: { stdout: string }) => error.stdout,
      )
      return output.split('\n').filter((line) => line !== '')
    },
    remove: () => rm(root, { recursive: true, force: true }),
  }
}

/** tsdown's own program. */
export const tsdown = join(require.resolve('tsdown/package.json'), '../dist/run.mjs')
