import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PackedProject } from '@tollgate/testing/packed'
import { createPackedProject, tsdown } from '@tollgate/testing/packed'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const require = createRequire(import.meta.url)
const packageFolder = fileURLToPath(new URL('..', import.meta.url))
const nodeTypes = join(require.resolve('@types/node/package.json'), '../..')

// Each test runs the compiler once.
vi.setConfig({ testTimeout: 120_000 })

let project: PackedProject

beforeAll(async () => {
  project = await createPackedProject(packageFolder, (outDir) => [[tsdown, '--out-dir', outDir]])
}, 180_000)

afterAll(() => project.remove())

const strictest = {
  noEmit: true,
  strict: true,
  skipLibCheck: false,
  target: 'es2022',
  module: 'nodenext',
  types: [] as string[],
}

interface Compilation {
  /** `app.cts` is CommonJS to the compiler. */
  file?: 'app.ts' | 'app.cts'
  options?: object
}

/** The compiler's complaints about one file of the project, a line each; none when it compiles. */
async function complaints(
  source: string,
  { file = 'app.ts', options = {} }: Compilation = {},
): Promise<string[]> {
  await writeFile(join(project.folder, file), source)
  return project.complaints(file, { ...strictest, ...options })
}

/** A sibling app: what it meters and buys is the catalogue of its own deployment. */
const app = `
import { createTollgateClient, isTollgateError } from '@tollgate/client'
import type { AppRouter, Balance, CatalogOf, ErrorCode, Meter, PlanId, RecordInput } from '@tollgate/client'

type Catalog = CatalogOf<'minutes' | 'gb', 'starter' | 'team'>
const client = createTollgateClient<Catalog>({ url: 'http://127.0.0.1:3000', apiKey: 'tg_1' })
const meter: Meter<Catalog> = 'minutes'
const plan: PlanId<Catalog> = 'team'
const use: RecordInput<Catalog> = { userId: 'u', meter, amount: 1, idempotencyKey: 'job-1', metadata: { a: [1] } }

export async function spend(): Promise<number | null> {
  try {
    const { balance } = await client.usage.record.mutate(use)
    const same: Balance<Catalog> = balance
    const name: 'minutes' | 'gb' = balance.meter
    await client.billing.checkout.mutate({ userId: 'u', plan })
    const [offer] = await client.billing.plans.query()
    return offer?.limits[name] ?? same.remaining
  } catch (error) {
    if (!isTollgateError(error)) throw error
    const code: ErrorCode = error.errorCode
    return code === 'RATE_LIMITED' ? error.retryAfterSeconds : null
  }
}
export type Router = AppRouter<Catalog>

const untyped = createTollgateClient({ url: 'http://127.0.0.1:3000', apiKey: 'tg_1' })
export const any = (name: string) => untyped.usage.check.query({ userId: 'u', meter: name })
`

describe('the packed client, installed in an empty project', () => {
  it('holds the build, the manifest, README and licence, and depends on nothing', async () => {
    const files = await readdir(project.installed, { recursive: true })
    expect(files.sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist',
      'dist/index.cjs',
      'dist/index.d.cts',
      'dist/index.d.mts',
      'dist/index.mjs',
      'package.json',
    ])
    const manifest = JSON.parse(await readFile(join(project.installed, 'package.json'), 'utf8'))
    expect(manifest).not.toHaveProperty('dependencies')
    expect(manifest).not.toHaveProperty('peerDependencies')
  })

  it.each(['index.mjs', 'index.d.mts', 'index.cjs', 'index.d.cts'])(
    'imports nothing in %s',
    async (file) => {
      const source = await readFile(join(project.installed, 'dist', file), 'utf8')
      expect(
        source.match(/^.*(\bfrom\s*['"]|\bimport\s*[('"]|\brequire\(|<reference).*$/gm),
      ).toBeNull()
    },
  )

  it.each<[what: string, compilation: Compilation]>([
    ['nodenext', {}],
    ['nodenext, as CommonJS', { file: 'app.cts' }],
    ['a bundler', { options: { module: 'preserve' } }],
    ['exact optional properties', { options: { exactOptionalPropertyTypes: true } }],
    [
      'Node types without the DOM',
      { options: { lib: ['es2023'], types: ['node'], typeRoots: [nodeTypes] } },
    ],
  ])('type-checks strictly, declarations too, under %s', async (_what, compilation) => {
    expect(await complaints(app, compilation)).toEqual([])
  })

  it('does not compile with a wrong meter, plan or procedure, and the compiler names the right ones', async () => {
    const wrong = `
import { createTollgateClient, type CatalogOf } from '@tollgate/client'
type Catalog = CatalogOf<'minutes' | 'gb', 'starter' | 'team'>
const client = createTollgateClient<Catalog>({ url: 'http://127.0.0.1:3000', apiKey: 'tg_1' })
const use = { userId: 'u', amount: 1, idempotencyKey: 'job-1' }
void client.usage.record.mutate({ ...use, meter: 'minute' })
void client.billing.checkout.mutate({ userId: 'u', plan: 'gold' })
void client.usage.recordBatch.mutate({ events: [{ ...use, meter: 'gigabytes' }] })
void client.usage.recrod.mutate({ ...use, meter: 'gb' })
void client.usage.record.mutate({ ...use, meter: 'gb' })
`
    const errors = await complaints(wrong)
    expect(errors.filter((line) => line.startsWith('app.ts'))).toEqual([
      expect.stringMatching(/^app\.ts\(6,.*'"minute"'.*'"minutes" \| "gb"'/),
      expect.stringMatching(/^app\.ts\(7,.*'"gold"'.*'"starter" \| "team"'/),
      expect.stringMatching(/^app\.ts\(8,.*'"gigabytes"'.*'"minutes" \| "gb"'/),
      expect.stringMatching(/^app\.ts\(9,.*recrod.*'record'/),
    ])
  })

  it.each([
    ['run.mjs', `import { createTollgateClient } from '@tollgate/client'`],
    ['run.cjs', `const { createTollgateClient } = require('@tollgate/client')`],
  ])('runs in Node as it is: %s', async (file, load) => {
    const script = `
      ${load}
      const client = createTollgateClient({ url: 'http://127.0.0.1:1', apiKey: 'tg_1', retries: 0 })
      client.billing.plans.query().catch((error) => console.log(error.name, error.errorCode))`
    await writeFile(join(project.folder, file), script)
    const { stdout } = await project.node(file)
    expect(stdout.trim()).toBe('TollgateApiError UNAVAILABLE')
  })
})
