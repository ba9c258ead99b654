import type pg from 'pg'
import type { Json, Rows } from './expected-rows.ts'
import { expectedRows } from './expected-rows.ts'
import { readStripeState } from './read-state.ts'

/** Stripe and the database that has to mirror it. */
export interface Mirrored {
  /** The local Stripe's address. */
  stripe: string
  db: pg.Pool
  /** The plan of each price that ever had a plan's lookup key, also where another price has taken that over since. */
  everMapped?: ReadonlyMap<string, string>
}

/** Every way in which the tables differ from Stripe, of all users who are a customer there. Empty: they are equal. */
export async function differencesFromStripe(world: Mirrored): Promise<string[]> {
  const { rows } = await world.db.query<{ id: string; customer: string }>(
    'SELECT id, stripe_customer_id AS customer FROM users WHERE stripe_customer_id IS NOT NULL',
  )
  const state = await readStripeState(world.stripe, world.everMapped ?? new Map())
  const found: string[] = []
  for (const { id, customer } of rows) {
    const actual = await actualRows(world.db, id)
    // A customer that was deleted at Stripe is replaced by another; the rows of the first stay the user's history.
    const earlier = [...actual.subscriptions, ...actual.invoices].map((row) => row['customer_id'])
    const expected = expectedRows(state, new Set([customer, ...earlier.map(String)]))
    found.push(...compareAll(expected, actual).map((line) => `${id}: ${line}`))
  }
  return found
}

async function actualRows(db: pg.Pool, userId: string): Promise<Rows> {
  const read = async (sql: string) => (await db.query<Json>(sql, [userId])).rows
  return {
    subscriptions: await read('SELECT * FROM subscriptions WHERE user_id = $1'),
    quotas: await read('SELECT *, meter AS id FROM quotas WHERE user_id = $1'),
    invoices: await read('SELECT * FROM invoices WHERE user_id = $1'),
  }
}

function compareAll(expected: Rows, actual: Rows): string[] {
  return (['subscriptions', 'quotas', 'invoices'] as const).flatMap((table) =>
    compare(table, expected[table], actual[table]),
  )
}

function compare(table: string, expected: Json[], actual: Json[]): string[] {
  const rows = new Map(actual.map((row) => [row['id'], row]))
  const wrong = expected.flatMap((row) => {
    const found = rows.get(row['id'])
    rows.delete(row['id'])
    if (!found) return [`${table} ${row['id']} is missing`]
    return Object.entries(row).flatMap(([column, value]) => {
      const cell = found[column] instanceof Date ? found[column].toISOString() : found[column]
      return cell === value
        ? []
        : [`${table} ${row['id']}: ${column} is ${cell}, at Stripe it is ${value}`]
    })
  })
  return [...wrong, ...[...rows.keys()].map((id) => `${table} ${id} is not at Stripe`)]
}
