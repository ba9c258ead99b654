import type { Drift, Reconciliation } from '@tollgate/core'
import { prepareQueue, reconcile } from '@tollgate/core'
import type { Answer, CommandContext } from './command.ts'
import { counted } from './command.ts'

const actor = { kind: 'command', id: 'stripe reconcile' } as const

/** Compares every row with Stripe, and repairs it unless `dryRun`. Something is left to repair, or a customer was not reached: exit code 1. */
export async function stripeReconcile(
  { core }: CommandContext,
  { dryRun = false }: { dryRun?: boolean },
): Promise<Answer> {
  await prepareQueue(core)
  const result = await reconcile(core, { dryRun, actor })
  const left = result.counts.reduce((sum, { found, repaired }) => sum + found - repaired, 0)
  return {
    json: result,
    lines: [...result.drift.map(describe), ...summaries(result)],
    exitCode: left === 0 ? 0 : 1,
  }
}

function describe({ kind, objectId, customerId, detail, repaired }: Drift): string {
  const parts = [kind, objectId, customerId ?? '-', detail, repaired ? 'repaired' : 'not repaired']
  return parts.join('  ')
}

function summaries({ customers, counts, drift }: Reconciliation): string[] {
  const found = counts.reduce((sum, count) => sum + count.found, 0)
  const repaired = counts.reduce((sum, count) => sum + count.repaired, 0)
  const unreached = counts.find(({ kind }) => kind === 'customer_unreached')?.found ?? 0
  const missed =
    unreached === 0 ? [] : [`${counted(unreached, 'customer')} not reached: run it again`]
  const more = found > drift.length ? [`… and ${found - drift.length} more`] : []
  if (found === 0) return [`${counted(customers, 'customer')}, all equal to Stripe`]
  return [
    ...more,
    `${counted(customers, 'customer')}, ${counted(found, 'difference')}, ${repaired} repaired`,
    ...missed,
  ]
}
