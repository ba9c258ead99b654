import type pg from 'pg'
import { readBases, windowOf } from '../../quota/index.ts'
import type { CheckedCall, UnplacedCall, UsageCall } from '../usage.ts'

/**
 * The calls in their windows, in order; one of a user who does not exist stays without. Asks the database once, and only
 * where the window of a call depends on its user: `billing` and `never`.
 */
export async function placeCalls(
  db: pg.ClientBase,
  { calls, now }: { calls: readonly CheckedCall[]; now: Date },
): Promise<readonly CheckedCall[]> {
  const unplaced = calls.filter((call) => !isPlaced(call))
  if (unplaced.length === 0) return calls
  const bases = await readBases(db, [...new Set(unplaced.map(({ userId }) => userId))])
  return calls.map((call) => {
    const basis = isPlaced(call) ? undefined : bases.get(call.userId)
    if (isPlaced(call) || !basis) return call
    return place(call, windowOf(call.resets, call.outOfRange ? now : call.occurredAt, basis))
  })
}

export function isPlaced(call: CheckedCall): call is UsageCall {
  return call.window !== null
}

function place({ resets: _, ...call }: UnplacedCall, window: UsageCall['window']): UsageCall {
  return { ...call, window, period: window.period }
}
