import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { testDatabases } from '../testing/src/database/test-databases.ts'
import { CheckFailure, root } from './check.ts'

/**
 * Applies the migrations to one database and what the Prisma schema describes to another, and compares the two. Compared
 * is what both can say: columns, keys, plain indexes, enums. Checks, triggers, functions, partial and expression indexes,
 * and generated columns exist in migrations only, since the schema has no words for them.
 */
export async function schemaDrift(): Promise<string> {
  const databases = testDatabases()
  try {
    const migrated = await databases.create()
    const described = await createFromSchema(migrated)
    const [inMigrations, inSchema] = await Promise.all([catalogue(migrated), catalogue(described)])
    const lines = [
      ...missing(inSchema, inMigrations).map((line) => `only in the schema:     ${line}`),
      ...missing(inMigrations, inSchema).map((line) => `only in the migrations: ${line}`),
    ]
    if (lines.length === 0) return `${inSchema.size} columns, keys and indexes agree`
    throw new CheckFailure(lines, 'Add a migration for what the schema says, or mend the schema.')
  } finally {
    await databases.stop()
  }
}

function missing(from: Set<string>, other: Set<string>): string[] {
  return [...from].filter((line) => !other.has(line)).sort()
}

async function createFromSchema(neighbour: string): Promise<string> {
  await withClient(neighbour, (client) => client.query('create database from_schema'))
  const url = new URL(neighbour)
  url.pathname = '/from_schema'
  const sql = await schemaAsSql(url.href)
  await withClient(url.href, (client) => client.query(sql))
  return url.href
}

/** Prisma's schema engine as WebAssembly: its binary can't be had where only the npm registry is reachable. */
async function schemaAsSql(connectionString: string): Promise<string> {
  const engine = createRequire(import.meta.url).resolve(
    '@prisma/schema-engine-wasm/schema_engine_bg',
  )
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const wasm = readFileSync(engine.replace(/\.js$/, '.wasm'))
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  const start = instance.exports['__wbindgen_start']
  if (typeof start === 'function') start()
  const files = schemaFiles()
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString }))
  const datamodels = files.map(({ path, content }): [string, string] => [path, content])
  const schemaEngine = await bindings.SchemaEngine.new({ datamodels }, () => undefined, adapter)
  // In a variable of its own, because it holds more than the engine's types know and the engine asks for.
  const request = {
    from: { tag: 'empty' as const },
    to: { tag: 'schemaDatamodel' as const, files, configDir: '.' },
    script: true,
    exitCode: null,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  }
  const { stdout } = await schemaEngine.diff(request)
  return stdout ?? ''
}

function schemaFiles(): { path: string; content: string }[] {
  const folder = join(root, 'packages/core/prisma/schema')
  return readdirSync(folder).map((path) => ({
    path,
    content: readFileSync(join(folder, path), 'utf8'),
  }))
}

const CATALOGUE = `
  select format('column %s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
           case when a.attnotnull then ' not null' else '' end,
           case when a.attgenerated = '' then ' default ' || pg_get_expr(d.adbin, d.adrelid) end) as line
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
     and c.relname <> '_prisma_migrations'
  union all
  select format('key %s.%s %s', r.relname, k.conname, pg_get_constraintdef(k.oid))
    from pg_constraint k join pg_class r on r.oid = k.conrelid
   where k.connamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f')
     and r.relname <> '_prisma_migrations'
  union all
  select pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class c on c.oid = i.indexrelid
   where c.relnamespace = 'public'::regnamespace and i.indpred is null and i.indexprs is null
     and not i.indisprimary and c.relname not like '\\_prisma%'
  union all
  select format('enum %s %s', t.typname, string_agg(e.enumlabel, ', ' order by e.enumsortorder))
    from pg_enum e join pg_type t on t.oid = e.enumtypid
   where t.typnamespace = 'public'::regnamespace group by t.typname`

async function catalogue(url: string): Promise<Set<string>> {
  const { rows } = await withClient(url, (client) => client.query<{ line: string }>(CATALOGUE))
  return new Set(rows.map((row) => row.line))
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
