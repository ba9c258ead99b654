import { AsyncLocalStorage } from 'node:async_hooks'
import { PrismaPg } from '@prisma/adapter-pg'
import type { Context } from '@tollgate/core'
import { isDatabaseAway } from '@tollgate/core'
import { PrismaClient } from './generated/client.ts'

type Pool = Context['db']['pool']

/** That the database said "not now" to one of the statements of a request. */
const noted = new AsyncLocalStorage<{ away?: unknown }>()

/** Prisma on the pool that all share, in the schema that its connections use: Prisma itself would take "public". */
export function openPrisma(pool: Pool): PrismaClient {
  const adapter = {
    provider: 'postgres',
    adapterName: 'pg',
    connect: async () => new PrismaPg(pool, { schema: await schemaOf(pool) }).connect(),
  } as const
  const client = new PrismaClient({ adapter })
  const extended = client.$extends({
    query: { $allOperations: ({ args, query }) => noteAway(query(args)) },
  })
  const transaction = Reflect.get(extended, '$transaction')
  const note$transaction = (...args: unknown[]) =>
    noteAway(Promise.resolve(Reflect.apply(transaction, extended, args)))
  return new Proxy(extended as unknown as PrismaClient, {
    get: (target, name) =>
      name === '$transaction' ? note$transaction : Reflect.get(target, name, target),
  })
}

/**
 * Does what better-auth does for a request. Throws what the database said where it said "not now": better-auth itself
 * makes an answer of its own of it, 422 or 500, which no client repeats.
 */
export async function whileDatabaseIsThere<T>(work: () => Promise<T>): Promise<T> {
  const request: { away?: unknown } = {}
  try {
    const result = await noted.run(request, work)
    if (request.away !== undefined) throw request.away
    return result
  } catch (error) {
    throw request.away ?? error
  }
}

/** The result of `operation`, one of those that the work of a request consists of. */
export async function noteAway<T>(operation: PromiseLike<T>): Promise<T> {
  try {
    return await operation
  } catch (error) {
    const request = noted.getStore()
    if (request && isDatabaseAway(error)) request.away = error
    throw error
  }
}

async function schemaOf(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ schema: string | null }>('SELECT current_schema() AS schema')
  return rows[0]?.schema ?? 'public'
}
