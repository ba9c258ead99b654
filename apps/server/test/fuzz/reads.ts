import type { Caller } from '@tollgate/api'
import { access, appRouter, createContext } from '@tollgate/api'
import type { Context } from '@tollgate/core'
import { scopes } from '@tollgate/core'
import { z } from 'zod'
import { procedures } from './targets.ts'

/** A query of the router, with what its input must name. */
interface Read {
  name: string
  required: readonly string[]
  takesUser: boolean
  paged: boolean
}

/** Days that a history may span, with this one in them. */
const DAYS = { from: '2026-06-01', to: '2027-05-31' }

/** Every query that needs no more than a user and days: all lists, overviews and balances. */
const reads: readonly Read[] = procedures.flatMap((target) => {
  if (target.kind !== 'trpc' || target.type !== 'query') return []
  const shape = shapeOf(target.schema)
  const required = Object.keys(shape).filter((name) => !shape[name]?.safeParse(undefined).success)
  if (!required.every((name) => name === 'userId' || name in DAYS)) return []
  const takesUser = 'userId' in shape
  return [{ name: target.name, required, takesUser, paged: 'cursor' in shape }]
})

/** A read that did not answer. */
export interface BrokenRead {
  read: string
  input: unknown
  error: unknown
}

/** Calls every read, about every user where it is about one, through all pages; returns those that fail. */
export async function brokenReads(core: Context): Promise<BrokenRead[]> {
  const users = await core.db.pool.query<{ id: string }>('SELECT id FROM users')
  const broken: BrokenRead[] = []
  // Some reads ask Stripe, which has a limit of its own.
  await core.db.pool.query('DELETE FROM stripe_call_limits')
  for (const read of reads) {
    const days = Object.fromEntries(
      Object.entries(DAYS).filter(([name]) => read.required.includes(name)),
    )
    const inputs = read.takesUser ? users.rows.map(({ id }) => ({ ...days, userId: id })) : [days]
    for (const input of inputs) {
      await pagesOf(core, read, input).catch((error: unknown) =>
        broken.push({ read: read.name, input, error }),
      )
    }
  }
  return broken
}

/** The first cursor of each list that has more than one row. */
export async function cursorsOf(core: Context, userId: string): Promise<string[]> {
  const lists = reads.filter(({ paged }) => paged)
  const pages = await Promise.all(
    lists.map((read) => call(core, read, { limit: 1, ...(read.takesUser && { userId }) })),
  )
  return pages.flatMap((page) => nextCursorOf(page) ?? [])
}

async function pagesOf(core: Context, read: Read, input: object): Promise<void> {
  let cursor = nextCursorOf(await call(core, read, input))
  while (read.paged && cursor !== null) {
    cursor = nextCursorOf(await call(core, read, { ...input, limit: 100, cursor }))
  }
}

const page = z.object({ nextCursor: z.string().nullable() })

function nextCursorOf(result: unknown): string | null {
  const parsed = page.safeParse(result)
  return parsed.success ? parsed.data.nextCursor : null
}

/** By an admin where an admin may, else by a key with every scope; the output is checked by its schema. */
async function call(core: Context, { name }: Read, input: object): Promise<unknown> {
  const admin: Caller = { kind: 'session', userId: 'admin', role: 'admin' }
  const key: Caller = { kind: 'key', keyId: 'key', name: 'key', scopes }
  const caller = access[name]?.who === 'admin' ? admin : key
  const callers: unknown = appRouter.createCaller(createContext({ core, caller, origins: [] }))
  const procedure = name
    .split('.')
    .reduce<unknown>(
      (node, part) => (node instanceof Object ? Reflect.get(node, part) : null),
      callers,
    )
  if (typeof procedure !== 'function') throw new Error(`there is no procedure ${name}`)
  return procedure(Object.keys(input).length > 0 ? input : undefined)
}

function shapeOf(schema: unknown): Readonly<Record<string, z.ZodType>> {
  if (schema instanceof z.ZodOptional) return shapeOf(schema.unwrap())
  return schema instanceof z.ZodObject ? schema.shape : {}
}
