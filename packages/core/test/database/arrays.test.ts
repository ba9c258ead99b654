import { createTestDatabase, type TestDatabase } from '@tollgate/testing'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ArrayParameter,
  bigints,
  booleans,
  instants,
  integers,
  jsons,
  texts,
  utf8,
} from '../../src/database/arrays.ts'

// What the writer sends in PostgreSQL's binary form arrives as what it was, and as nothing else.

let database: TestDatabase
let pool: pg.Pool

beforeAll(async () => {
  database = await createTestDatabase()
  pool = new pg.Pool({ connectionString: database.url })
})

afterAll(async () => {
  await pool.end()
  await database.drop()
})

const column = <T>(value: fc.Arbitrary<T>) => fc.array(fc.option(value), { maxLength: 20 })
const storable = fc
  .string({ unit: 'binary', maxLength: 40 })
  .filter((text) => !/[\0\p{Surrogate}]/u.test(text))
const instant = fc.date({
  min: new Date('1716-01-01T00:00:00Z'),
  max: new Date('2284-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})
const same = <T>(value: T) => value

interface Kind {
  type: string
  values: fc.Arbitrary<unknown[]>
  send: (values: unknown[]) => ArrayParameter
  expected?: (value: unknown) => string
}

function kind<T>(
  type: string,
  values: fc.Arbitrary<T[]>,
  send: (values: T[]) => ArrayParameter,
  expected: (value: NonNullable<T>) => string = String,
): Kind {
  return {
    type,
    values,
    send: (each) => send(each as T[]),
    expected: (value) => expected(value as NonNullable<T>),
  }
}

const kinds = [
  kind('text', column(storable), (values) => texts(values, same)),
  kind('text', fc.array(storable), (values) => utf8(values, (text) => Buffer.from(text))),
  kind('bigint', column(fc.maxSafeInteger()), (values) => bigints(values, same)),
  kind('integer', column(fc.integer()), (values) => integers(values, same)),
  kind('boolean', fc.array(fc.boolean()), (values) => booleans(values, same)),
  kind(
    'timestamptz',
    column(instant),
    (values) => instants(values, same),
    (value) => value.toISOString(),
  ),
  kind(
    'jsonb',
    column(fc.json({ noUnicodeString: false }).filter((text) => !/\\u(0000|d[89a-f])/i.test(text))),
    (values) => jsons(values, same),
  ),
]

/** Compared by PostgreSQL with the text of each value, sent the ordinary way. */
function differing(type: string): string {
  return `SELECT count(*)::int AS differing
    FROM unnest($1::${type}[]) WITH ORDINALITY AS sent (value, place)
    FULL JOIN unnest($2::text[]) WITH ORDINALITY AS meant (value, place) USING (place)
    WHERE sent.value IS DISTINCT FROM meant.value::${type}`
}

describe('arrays in binary form', () => {
  it.each(kinds)('$type', async ({ type, values, send, expected = String }) => {
    await fc.assert(
      fc.asyncProperty(values, async (column) => {
        const meant = column.map((value) => (value === null ? null : expected(value)))
        const { rows } = await pool.query(differing(type), [send(column), meant])
        expect(rows).toEqual([{ differing: 0 }])
      }),
    )
  })
})
