import type pg from 'pg'

/** A kind of call that Stripe refuses the key. */
export interface Refusal {
  operation: string
  /** Stripe's own words. */
  message: string
  refusedAt: Date
}

export async function readRefusals(db: pg.Pool | pg.ClientBase): Promise<Refusal[]> {
  const { rows } = await db.query<Refusal>(
    `SELECT operation, message, refused_at AS "refusedAt" FROM stripe_refusals ORDER BY operation`,
  )
  return rows
}

export async function writeRefusal(db: pg.Pool | pg.ClientBase, refusal: Refusal): Promise<void> {
  await db.query(
    `INSERT INTO stripe_refusals (operation, message, refused_at) VALUES ($1, $2, $3)
     ON CONFLICT (operation) DO UPDATE SET message = EXCLUDED.message, refused_at = EXCLUDED.refused_at`,
    [refusal.operation, refusal.message, refusal.refusedAt],
  )
}

export async function deleteRefusal(db: pg.Pool | pg.ClientBase, operation: string): Promise<void> {
  await db.query('DELETE FROM stripe_refusals WHERE operation = $1', [operation])
}
