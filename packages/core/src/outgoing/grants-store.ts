import type pg from 'pg'

interface GrantRow {
  id: string
  meter: string
  amount: string
  remaining: string
  source: string
  effective_at: Date
  expires_at: Date | null
  reason: string | null
}

/** The grants of a user that were paid for, as callers see them. */
export async function readPaidGrants(
  tx: pg.ClientBase,
  userId: string,
): Promise<{ id: string; [name: string]: unknown }[]> {
  const { rows } = await tx.query<GrantRow>(
    `SELECT id, meter, amount, remaining, source, effective_at, expires_at, reason FROM grants
     WHERE user_id = $1 AND checkout_session_id IS NOT NULL`,
    [userId],
  )
  return rows.map((row) => ({
    id: row.id,
    meter: row.meter,
    amount: Number(row.amount),
    remaining: Number(row.remaining),
    source: row.source,
    effectiveAt: row.effective_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    reason: row.reason,
  }))
}
