import type { DriftKind, Reconciliation } from '../../api/types.ts'

/** What a reconcile run has found so far. A large one takes several calls, each of which returns a part. */
export interface ReconcileRun {
  dryRun: boolean
  complete: boolean
  customers: number
  counts: { kind: DriftKind; found: number; repaired: number }[]
  drift: Reconciliation['drift']
}

/** Adds the next part to a run; null: it is the first. */
export function addPart(run: ReconcileRun | null, part: Reconciliation): ReconcileRun {
  const { dryRun, complete, customers, counts, drift } = part
  if (!run) return { dryRun, complete, customers, counts, drift }
  return {
    dryRun,
    complete,
    customers: run.customers + customers,
    counts: addCounts(run.counts, counts),
    drift: [...run.drift, ...drift],
  }
}

function addCounts(
  before: ReconcileRun['counts'],
  more: ReconcileRun['counts'],
): ReconcileRun['counts'] {
  const sums = new Map(before.map((count) => [count.kind, count]))
  for (const { kind, found, repaired } of more) {
    const sum = sums.get(kind)
    sums.set(kind, {
      kind,
      found: (sum?.found ?? 0) + found,
      repaired: (sum?.repaired ?? 0) + repaired,
    })
  }
  return [...sums.values()]
}

/** How many of the differences were repaired. */
export function repairedIn({ counts }: ReconcileRun): number {
  return counts.reduce((sum, { repaired }) => sum + repaired, 0)
}

/** How many differences there are, or were before the repair. */
export function foundIn({ counts }: ReconcileRun): number {
  return counts.reduce((sum, { found }) => sum + found, 0)
}
