import type pg from 'pg'

/** An invoice whose payment failed and that is still open. Amounts are in the currency's minor unit. */
export interface FailedInvoice {
  id: string
  subscriptionId: string | null
  number: string | null
  currency: string
  amountDue: number
}

export async function readFailedInvoices(
  tx: pg.ClientBase,
  userId: string,
): Promise<FailedInvoice[]> {
  const { rows } = await tx.query<Omit<FailedInvoice, 'amountDue'> & { amountDue: string }>(
    `SELECT id, subscription_id AS "subscriptionId", number, currency, amount_due AS "amountDue"
     FROM invoices WHERE user_id = $1 AND status = 'open' AND attempted AND amount_due > 0
     ORDER BY created_at, id`,
    [userId],
  )
  return rows.map((row) => ({ ...row, amountDue: Number(row.amountDue) }))
}
