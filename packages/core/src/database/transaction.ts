import type pg from 'pg'

/** Does a work in one transaction on a connection of its own: all of it is kept, or nothing. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (tx: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    client.release(broken)
  }
}

type Results<T extends readonly (() => Promise<unknown>)[]> = {
  -readonly [K in keyof T]: Awaited<ReturnType<T[K]>>
}

/** Runs statements in order: sent at once where the connection may have several under way, else one after the other. */
export async function sendTogether<const T extends readonly (() => Promise<unknown>)[]>(
  db: pg.ClientBase,
  statements: T,
): Promise<Results<T>> {
  if ('pipeline' in db && db.pipeline === true) {
    return (await Promise.all(statements.map((send) => send()))) as Results<T>
  }
  const results: unknown[] = []
  for (const send of statements) results.push(await send())
  return results as Results<T>
}
