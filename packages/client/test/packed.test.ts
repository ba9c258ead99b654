import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const run = promisify(execFile)
const require = createRequire(import.meta.url)
const packageFolder = fileURLToPath(new URL('..', import.meta.url))
const nodeTypes = join(require.resolve('@types/node/package.json'), '../..')

// Each test runs the compiler once.
vi.setConfig({ testTimeout: 120_000 })

let folder: string
let project: string
let installed: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-packed-'))
  project = join(folder, 'project')
  installed = join(project, 'node_modules/@tollgate/client')
  await mkdir(installed, { recursive: true })
  await writeFile(join(project, 'package.json'), '{ "type": "module" }')
  const tarball = await pack()
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
}, 180_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Built beside the repo and not in it, so that no other build is in the way. */
async function pack(): Promise<string> {
  const staged = join(folder, 'staged')
  await mkdir(staged)
  for (const file of ['package.json', 'README.md']) {
    await cp(join(packageFolder, file), join(staged, file))
  }
  const tsdown = join(require.resolve('tsdown/package.json'), '../dist/run.mjs')
  const build = [tsdown, '--out-dir', join(staged, 'dist')]
  await run(process.execPath, build, { cwd: packageFolder })
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: staged })
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
  return join(folder, tarball)
}

const strictest = {
  noEmit: true,
  strict: true,
  skipLibCheck: false,
  target: 'es2022',
  module: 'nodenext',
  types: [] as string[],
}

/** The compiler's complaints about one file of the project; none when it compiles. */
async function complaints(source: string, options: object = {}): Promise<string[]> {
  const config = { compilerOptions: { ...strictest, ...options }, files: ['app.ts'] }
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(config))
  await writeFile(join(project, 'app.ts'), source)
  const tsc = [require.resolve('typescript/bin/tsc'), '-p', project, '--pretty', 'false']
  const output = await run(process.execPath, tsc, { cwd: project }).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  )
  return output.split('\n').filter((line) => line !== '')
}

const app = `
import { createTollgateClient, isTollgateError } from '@tollgate/client'
import type { AppRouter, Balance, ErrorCode, Meter, PlanId, RecordInput } from '@tollgate/client'

const client = createTollgateClient({ url: 'http://127.0.0.1:3000', apiKey: 'tg_1' })
const meter: Meter = 'tokens'
const plan: PlanId = 'pro'
const use: RecordInput = { userId: 'u', meter, amount: 1, idempotencyKey: 'job-1', metadata: { a: [1] } }

export async function spend(): Promise<number | null> {
  try {
    const { balance } = await client.usage.record.mutate(use)
    const same: Balance = balance
    await client.billing.checkout.mutate({ userId: 'u', plan })
    return same.remaining
  } catch (error) {
    if (!isTollgateError(error)) throw error
    const code: ErrorCode = error.errorCode
    return code === 'RATE_LIMITED' ? error.retryAfterSeconds : null
  }
}
export type Router = AppRouter
`

describe('the packed client, installed in an empty project', () => {
  it('holds the build, the manifest and the README, and depends on nothing', async () => {
    const files = await readdir(installed, { recursive: true })
    expect(files.sort()).toEqual([
      'README.md',
      'dist',
      'dist/index.d.ts',
      'dist/index.js',
      'package.json',
    ])
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'))
    expect(manifest).not.toHaveProperty('dependencies')
    expect(manifest).not.toHaveProperty('peerDependencies')
  })

  it.each(['index.js', 'index.d.ts'])('imports nothing in %s', async (file) => {
    const source = await readFile(join(installed, 'dist', file), 'utf8')
    expect(
      source.match(/^.*(\bfrom\s*['"]|\bimport\s*[('"]|\brequire\(|<reference).*$/gm),
    ).toBeNull()
  })

  it.each([
    ['nodenext', {}],
    ['a bundler', { module: 'preserve' }],
    ['exact optional properties', { exactOptionalPropertyTypes: true }],
    ['Node types without the DOM', { lib: ['es2023'], types: ['node'], typeRoots: [nodeTypes] }],
  ])('type-checks strictly, declarations too, under %s', async (_name, options) => {
    expect(await complaints(app, options)).toEqual([])
  })

  it('does not compile with a wrong meter, plan or procedure', async () => {
    const wrong = `
import { createTollgateClient } from '@tollgate/client'
const client = createTollgateClient({ url: 'http://127.0.0.1:3000', apiKey: 'tg_1' })
const use = { userId: 'u', amount: 1, idempotencyKey: 'job-1' }
void client.usage.record.mutate({ ...use, meter: 'token' })
void client.billing.checkout.mutate({ userId: 'u', plan: 'gold' })
void client.usage.recrod.mutate({ ...use, meter: 'tokens' })
void client.usage.record.mutate({ ...use, meter: 'tokens' })
`
    const errors = await complaints(wrong)
    expect(errors.filter((line) => line.startsWith('app.ts'))).toEqual([
      expect.stringMatching(/^app\.ts\(5,.*"token"/),
      expect.stringMatching(/^app\.ts\(6,.*"gold"/),
      expect.stringMatching(/^app\.ts\(7,.*recrod/),
    ])
  })

  it('runs in Node as it is', async () => {
    const script = `
      import { createTollgateClient } from '@tollgate/client'
      const client = createTollgateClient({ url: 'http://127.0.0.1:1', apiKey: 'tg_1', retries: 0 })
      await client.billing.plans.query().catch((error) => console.log(error.name, error.errorCode))`
    await writeFile(join(project, 'run.js'), script)
    const { stdout } = await run(process.execPath, ['run.js'], { cwd: project })
    expect(stdout.trim()).toBe('TollgateApiError UNAVAILABLE')
  })
})
