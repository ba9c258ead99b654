import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

const run = promisify(execFile)
const repository = fileURLToPath(new URL('../../..', import.meta.url))

// Each test builds the package once.
vi.setConfig({ testTimeout: 120_000 })

let folder: string
let checkout: string

/** A checkout in which nothing was built, so that the builds of others are not disturbed. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stripe-emulator-'))
  checkout = join(folder, 'packages/stripe-emulator')
  await mkdir(checkout, { recursive: true })
  await cp(join(repository, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'))
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'))
  const files = ['package.json', 'tsconfig.json', 'tsdown.config.ts']
  const texts = ['LICENSE', 'PARAMETERS.md', 'README.md']
  for (const name of [...files, ...texts, 'bin', 'src']) {
    const from = join(repository, 'packages/stripe-emulator', name)
    await cp(from, join(checkout, name), { recursive: true })
  }
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test('the command of a checkout without a build builds the package first, and says so in one line', async () => {
  const command = join(checkout, 'bin/stripe-emulator.mjs')
  const first = await run(process.execPath, [command, '--help'])
  expect(first.stdout).toContain('npx @tollgate/stripe-emulator [options]')
  expect(first.stderr).toBe('stripe-emulator: building the package, once …\n')
  const second = await run(process.execPath, [command, '--help'])
  expect(second).toEqual({ stdout: first.stdout, stderr: '' })
})

test('npm pack builds the package; ES modules and CommonJS load it, and its command runs', async () => {
  await rm(join(checkout, 'dist'), { recursive: true, force: true })
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: checkout,
  })
  const [{ filename, files }] = JSON.parse(stdout.slice(stdout.indexOf('[\n')))
  const names = files.map(({ path }: { path: string }) => path)
  expect(names.sort()).toEqual([
    'LICENSE',
    'PARAMETERS.md',
    'README.md',
    'bin/stripe-emulator.mjs',
    'dist/cli.js',
    'dist/emulator.js',
    'dist/index.cjs',
    'dist/index.d.cts',
    'dist/index.d.ts',
    'dist/index.js',
    'package.json',
  ])
  const project = join(folder, 'project')
  const installed = join(project, 'node_modules/@tollgate/stripe-emulator')
  await mkdir(installed, { recursive: true })
  await run('tar', ['-xzf', join(folder, filename), '-C', installed, '--strip-components=1'])
  const use =
    'startStripeEmulator().then(async (one) => { console.log(one.host); await one.stop() })'
  const name = '@tollgate/stripe-emulator'
  await writeFile(
    join(project, 'a.cjs'),
    `const { startStripeEmulator } = require('${name}')\n${use}`,
  )
  await writeFile(join(project, 'a.mjs'), `import { startStripeEmulator } from '${name}'\n${use}`)
  for (const file of ['a.cjs', 'a.mjs']) {
    expect((await run(process.execPath, [file], { cwd: project })).stdout).toBe('127.0.0.1\n')
  }
  const command = join(installed, 'bin/stripe-emulator.mjs')
  expect((await run(process.execPath, [command, '--help'])).stderr).toBe('')
})
