import type { DriftKind, Reconciliation } from '../../api/types.ts'

/** What a walk over Stripe found so far, over all of its parts. */
export interface Walk {
  dryRun: boolean
  complete: boolean
  customers: number
  counts: { kind: DriftKind; found: number; repaired: number }[]
  drift: Reconciliation['drift']
}

/** Adds a part of a walk to those before it. */
export function addPart(walk: Walk | null, part: Reconciliation): Walk {
  const { dryRun, complete, customers, counts, drift } = part
  if (!walk) return { dryRun, complete, customers, counts, drift }
  return {
    dryRun,
    complete,
    customers: walk.customers + customers,
    counts: addCounts(walk.counts, counts),
    drift: [...walk.drift, ...drift],
  }
}

function addCounts(before: Walk['counts'], more: Walk['counts']): Walk['counts'] {
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

/** How many of them were repaired. */
export function repairedIn({ counts }: Walk): number {
  return counts.reduce((sum, { repaired }) => sum + repaired, 0)
}

/** How many rows differ, or differed. */
export function foundIn({ counts }: Walk): number {
  return counts.reduce((sum, { found }) => sum + found, 0)
}
