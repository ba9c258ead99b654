import { PrismaPg } from '@prisma/adapter-pg'
import { isDatabaseAway } from '@tollgate/core'
import { createTestDatabase, endWaiting } from '@tollgate/testing'
import pg from 'pg'
import { expect, test } from 'vitest'
import { PrismaClient } from '../src/auth/generated/client.ts'

// Sign-in asks through Prisma, which puts what PostgreSQL sends into an error of its own.
test('a database that ends in the middle of a query by Prisma is away', async () => {
  const database = await createTestDatabase()
  const [asking, other] = [database.url, database.url].map((connectionString) => {
    const pool = new pg.Pool({ connectionString })
    return pool.on('error', () => undefined)
  })
  if (!asking || !other) throw new Error('two pools were made')
  const prisma = new PrismaClient({ adapter: new PrismaPg(asking) })
  const blocker = await other.connect()
  await blocker.query('BEGIN')
  await blocker.query('LOCK TABLE auth_users')
  const failure = prisma.authUser.findMany().catch((error: unknown) => error)
  await endWaiting(other)
  await blocker.query('ROLLBACK')
  blocker.release()
  expect(isDatabaseAway(await failure)).toBe(true)
  await prisma.$disconnect()
  await Promise.all([asking.end(), other.end()])
  await database.drop()
})
