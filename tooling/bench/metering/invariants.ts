import { type Context, verifyUsage } from '@tollgate/core'

/**
 * Throws unless ledger, counters and days are equal, no counter is beyond its limit, and the ledger holds exactly
 * `expectedRows`: one for each key of an acknowledged call (the primary key sees to "one at most"), and what it was
 * filled with.
 */
export async function assertInvariants(ctx: Context, expectedRows: number): Promise<void> {
  const { counters, differences, sources } = await verifyUsage(ctx)
  if (differences.length > 0) {
    throw new Error(`${differences.length} of ${counters} counters differ from the ledger`)
  }
  if (sources.length > 0) throw new Error(`of grants and overage: ${JSON.stringify(sources[0])}`)
  const over = await countOver(ctx)
  if (over > 0) throw new Error(`${over} counters are beyond their limit`)
  const rows = await countRows(ctx)
  if (rows !== expectedRows) {
    throw new Error(`the ledger holds ${rows} rows; ${expectedRows} calls were acknowledged`)
  }
  console.log(
    `${rows} ledger rows, one for each acknowledged key; ${counters} counters equal to them`,
  )
}

/** Nothing here records: every use was decided. */
async function countOver({ db }: Context): Promise<number> {
  const { rows } = await db.pool.query<{ count: string }>(
    `SELECT count(*) FROM usage_counters c
     JOIN quotas q ON q.user_id = c.user_id AND q.meter = c.meter
     LEFT JOIN quota_overrides o ON o.user_id = c.user_id AND o.meter = c.meter
     WHERE c.used + c.reserved - c.credited - c.sold > coalesce(o.limit_amount, q.limit_amount)`,
  )
  return Number(rows[0]?.count)
}

async function countRows({ db }: Context): Promise<number> {
  const { rows } = await db.pool.query<{ count: string }>('SELECT count(*) FROM usage')
  return Number(rows[0]?.count)
}
