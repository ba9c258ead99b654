import { isDeepStrictEqual } from 'node:util'
import type { PackChange, PaidGrant } from '../packs/index.ts'
import { packChanges } from '../packs/index.ts'
import { hasEnded } from '../subscriptions/index.ts'
import type { CustomerRows } from '../sync/index.ts'
import type { Drift, DriftKind } from './drift.ts'

/** A row of the database, by column. */
export type StoredRow = Readonly<Record<string, unknown>>

/** Our rows about a customer. */
export interface StoredRows {
  subscriptions: readonly StoredRow[]
  quotas: readonly StoredRow[]
  invoices: readonly StoredRow[]
  /** The user's grants that were paid for. */
  grants: readonly PaidGrant[]
  terms: readonly StoredRow[]
  trialUsed: boolean
}

/** A difference, without the customer. */
export type Difference = Pick<Drift, 'kind' | 'objectId' | 'detail'>

/**
 * How our rows differ from what a sync would write. `rows` is the result of `decide`, so there is no other rule to
 * compare by. Empty where a sync would change nothing.
 */
export function compare(stored: StoredRows, rows: CustomerRows, userId: string): Difference[] {
  const ofUser = (row: object) => ({ ...row, user_id: userId })
  return [
    ...compareRows('subscription', 'id', {
      stored: stored.subscriptions,
      wanted: rows.subscriptions.map(ofUser),
    }),
    ...compareRows('invoice', 'id', {
      stored: stored.invoices,
      wanted: rows.invoices.map(ofUser),
    }),
    ...compareRows('quota', 'meter', { stored: stored.quotas, wanted: rows.quotas }),
    ...packChanges(rows.packs, stored.grants).map(packDifference),
    ...compareRows('overage_terms', 'meter', { stored: stored.terms, wanted: rows.terms }),
    ...rows.newPrices.map(({ id, plan }) => difference('price_missing', id, plan)),
    ...(rows.trialUsed && !stored.trialUsed
      ? [difference('trial_differs', 'trial', 'trial_used_at')]
      : []),
  ]
}

function packDifference({ kind, payment }: PackChange): Difference {
  const { sessionId, order } = payment
  return difference(kind === 'grant' ? 'grant_missing' : 'grant_differs', sessionId, order.pack)
}

type Compared = 'subscription' | 'invoice' | 'quota' | 'overage_terms'

function compareRows(
  object: Compared,
  key: 'id' | 'meter',
  { stored, wanted }: { stored: readonly StoredRow[]; wanted: readonly object[] },
): Difference[] {
  const before = new Map(stored.map((row) => [String(row[key]), row]))
  const found: Difference[] = []
  for (const row of wanted as readonly StoredRow[]) {
    const id = String(row[key])
    const old = before.get(id)
    before.delete(id)
    if (!old) {
      found.push(difference(`${object}_missing`, id, String(row['status'] ?? '')))
      continue
    }
    const columns = Object.keys(row).filter((column) => !isEqual(old[column], row[column]))
    if (columns.length > 0) found.push(difference(`${object}_differs`, id, columns.join(', ')))
  }
  // A row that Stripe does not list any more stays as history. It is a difference only where it has not ended.
  for (const [id, row] of before) {
    if (counts(object, row)) found.push(difference(`${object}_unknown`, id, String(row['status'])))
  }
  return found
}

function counts(object: Compared, row: StoredRow): boolean {
  switch (object) {
    case 'quota':
      return true
    case 'overage_terms':
      return row['selling'] === true
    case 'invoice':
      return row['status'] === 'draft'
    case 'subscription':
      return row['is_current'] === true || !hasEnded(String(row['status']))
  }
}

function difference(kind: DriftKind, objectId: string, detail: string): Difference {
  return { kind, objectId, detail }
}

/** PostgreSQL gives bigint as text. */
function isEqual(stored: unknown, wanted: unknown): boolean {
  if (wanted instanceof Date) return stored instanceof Date && stored.getTime() === wanted.getTime()
  if (typeof wanted === 'object') return isDeepStrictEqual(stored, wanted)
  if (typeof wanted === 'number') return Number(stored) === wanted
  return stored === wanted
}
