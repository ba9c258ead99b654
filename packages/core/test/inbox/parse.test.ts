import { expect, it } from 'vitest'
import { parseEvent } from '../../src/inbox/parse.ts'

const event = { id: 'evt_1', type: 'invoice.paid', created: 1_763_208_000, livemode: false }
const parse = (change: object) => parseEvent(JSON.stringify({ ...event, ...change }))

it.each([
  ['an id with NUL', { id: 'evt\0' }],
  ['half a surrogate pair for a type', { type: '\ud83d' }],
  ['an id of 256 characters', { id: 'e'.repeat(256) }],
  ['a customer with NUL', { data: { object: { customer: 'cus_\0' } } }],
  ['an instant in no year of four digits', { created: 1e15 }],
  ['an instant in the year 0', { created: '0000-01-01T00:00:00Z' }],
])('%s is no event: PostgreSQL would refuse it', (_what, change) => {
  expect(parse(change)).toBeNull()
})
