import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PackedProject } from '@tollgate/testing/packed'
import { createPackedProject, tsdown } from '@tollgate/testing/packed'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const require = createRequire(import.meta.url)
const packageFolder = fileURLToPath(new URL('..', import.meta.url))
const repositoryModules = fileURLToPath(new URL('../../../node_modules', import.meta.url))
const vite = join(require.resolve('vite/package.json'), '../bin/vite.js')

// Each test runs the compiler or Node once.
vi.setConfig({ testTimeout: 120_000 })

let project: PackedProject

beforeAll(async () => {
  project = await createPackedProject(packageFolder, (outDir) => [
    [tsdown, '--out-dir', outDir],
    [vite, 'build', '--outDir', outDir],
  ])
  await installDependencies()
}, 180_000)

afterAll(() => project.remove())

/** Only what the manifest names, and React's types, which a host in TypeScript has. */
async function installDependencies(): Promise<void> {
  const manifest = JSON.parse(await readFile(join(project.installed, 'package.json'), 'utf8'))
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
  for (const name of [...names, '@types/react', '@types/react-dom']) {
    const link = join(project.folder, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(repositoryModules, name), link)
  }
}

const strictest = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  module: 'nodenext',
  jsx: 'react-jsx',
  types: [] as string[],
}

const complaints = (file: 'app.tsx' | 'app.cts', options: object = {}) =>
  project.complaints(file, { ...strictest, ...options })

describe('the packed components, installed in a foreign project', () => {
  it('are the build, the manifest, the README and the license', async () => {
    const files = await readdir(project.installed, { recursive: true })
    expect(files.sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist',
      'dist/index.cjs',
      'dist/index.d.cts',
      'dist/index.d.ts',
      'dist/index.js',
      'dist/styles.css',
      'package.json',
    ])
  })

  it('import nothing that the manifest does not name, least of all the server', async () => {
    const manifest = JSON.parse(await readFile(join(project.installed, 'package.json'), 'utf8'))
    const named = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    for (const file of ['index.js', 'index.cjs', 'index.d.ts', 'index.d.cts']) {
      const source = await readFile(join(project.installed, 'dist', file), 'utf8')
      const imports = source.matchAll(/(?:^(?:import|export)\b.*from |\brequire\()["'](.+?)["']/gm)
      for (const [, path = ''] of imports) {
        expect(named.some((name) => path === name || path.startsWith(`${name}/`))).toBe(true)
      }
    }
  })

  it.each([
    ['nodenext', {}],
    ['a bundler', { module: 'preserve' }],
  ])('type-check strictly, declarations too, under %s', async (_name, options) => {
    await writeFile(
      join(project.folder, 'app.tsx'),
      `import { AdminGuard, AuthGuard, BillingAdmin, BillingDashboard, Button, type SessionState } from '@tollgate/ui'
       declare const session: SessionState
       export const page = (
         <AuthGuard session={session} onSignInRequired={(next: string) => void next}>
           <BillingDashboard apiUrl="" /><Button variant="outline">Sign in</Button>
         </AuthGuard>
       )
       export const admin = <AdminGuard apiUrl=""><BillingAdmin apiUrl="" /></AdminGuard>`,
    )
    expect(await complaints('app.tsx', options)).toEqual([])
  })

  it('type-check from CommonJS', async () => {
    await writeFile(
      join(project.folder, 'app.cts'),
      `import { BillingDashboard } from '@tollgate/ui'
       export const page: React.ReactNode = BillingDashboard({ apiUrl: '' })
       import type React = require('react')`,
    )
    expect(await complaints('app.cts')).toEqual([])
  })

  it.each([
    ['import', 'page.mjs', "import * as ui from '@tollgate/ui'"],
    ['require', 'page.cjs', "const ui = require('@tollgate/ui')"],
  ])('render on a server after %s', async (_name, file, load) => {
    const script = `${load}
      const use = (name) => import(name)
      Promise.all([use('react'), use('react-dom/server')]).then(([{ createElement }, { renderToString }]) =>
        console.log(renderToString(createElement(ui.BillingDashboard, { apiUrl: 'http://127.0.0.1:1' }))))`
    await writeFile(join(project.folder, file), script)
    const { stdout } = await project.node(file)
    expect(stdout).toContain('Your plan, usage and invoices')
  })
})

describe('the stylesheet', () => {
  it('holds nothing that reaches beyond our own elements', async () => {
    const css = await readFile(join(project.installed, 'dist/styles.css'), 'utf8')
    const names = (pattern: RegExp) => [...css.matchAll(pattern)].map(([, name = '']) => name)
    const selectors = css
      .replaceAll(/\/\*[\s\S]*?\*\//g, '')
      .replaceAll(/@keyframes [^{]+\{(?:[^{}]|\{[^{}]*\})*\}/g, '')
      .replaceAll(/@property [^{]+\{[^{}]*\}/g, '')
      .matchAll(/([^{}]+)\{/g)
    for (const [, selector = ''] of selectors) {
      if (selector.trim().startsWith('@')) continue
      expect(selector).toMatch(/\.tg\\:|\.tollgate\b|^\s*&/)
      expect(selector).not.toMatch(/(^|,)\s*(\*|:root|:host|html|body|::?[\w-]+)\s*(,|$)/)
    }
    const ours = /^--(tg|tollgate)-/
    expect(names(/(--[\w-]+)\s*:/g).filter((name) => !ours.test(name))).toEqual([])
    expect(names(/@property (\S+)/g).filter((name) => !ours.test(name))).toEqual([])
    expect(names(/@keyframes (\S+)/g).filter((name) => !name.startsWith('tg-'))).toEqual([])
    expect(names(/@layer ([^\s{;]+)/g).filter((name) => name !== 'tollgate')).toEqual([])
    // What a host gives us is read, never set.
    expect(names(/(--tollgate-[\w-]+)\s*:/g)).toEqual([])
  })
})
