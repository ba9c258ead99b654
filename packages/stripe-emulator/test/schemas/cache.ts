import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Schemas } from './schema.ts'

const require = createRequire(import.meta.url)
const packageFolder = join(dirname(require.resolve('stripe')), '..')
const own = (name: string) => readFileSync(fileURLToPath(new URL(name, import.meta.url)))

function cacheFile(): string {
  const manifest = join(packageFolder, 'package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const deriving = createHash('sha256').update(own('derive.ts')).update(own('type-schemas.ts'))
  const name = `${version}-${deriving.digest('hex').slice(0, 12)}.json`
  return join(packageFolder, '..', '.cache', 'stripe-schemas', name)
}

/** Derives the schemas unless they are cached: some seconds, once for each version of `stripe`. */
export async function prepareSchemas(): Promise<void> {
  const file = cacheFile()
  if (existsSync(file)) return
  const { deriveSchemas } = await import('./derive.ts')
  mkdirSync(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(deriveSchemas(join(packageFolder, 'esm'))))
  renameSync(draft, file)
}

/** Reads the schemas of `prepareSchemas`. */
export function readSchemas(): Schemas {
  return JSON.parse(readFileSync(cacheFile(), 'utf8')) as Schemas
}
