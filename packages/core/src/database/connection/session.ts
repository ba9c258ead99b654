import type pg from 'pg'

/**
 * What correctness rests on, whatever the URL, the role, the database, the server or the environment say. It is set on
 * each connection after it is made, since all of them may set it before.
 */
const SESSION = {
  client_encoding: 'UTF8',
  // How values are written and read: by pg, by Prisma (which drops the offset of an instant), and in SQL.
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  // What the statements assume of each other.
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  // Bounds are ours: see `openDatabase`. A process that died or froze in a transaction gives its locks back.
  lock_timeout: '0',
  idle_session_timeout: '0',
  transaction_timeout: '0',
  idle_in_transaction_session_timeout: '15s',
} as const

/** Settings that only some versions know are left out where they are not. Usage that was answered must outlast a crash. */
const APPLY = `
  SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS wanted (name, value)
  WHERE current_setting(name, true) IS NOT NULL
  UNION ALL
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`

/** Sets what every connection rests on, and `settings` of its own. */
export async function prepareSession(
  client: pg.ClientBase,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const all = { ...SESSION, ...settings }
  await client.query(APPLY, [Object.keys(all), Object.values(all)])
}
