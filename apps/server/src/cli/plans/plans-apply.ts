import type { OverageStep } from '@tollgate/core'
import { applyOverage } from '@tollgate/core'
import type { Answer, CommandContext } from '../command.ts'

/** Gives subscriptions from before what their plan sells beyond its limits; lists those that can't have it. */
export async function plansApply(
  { core }: CommandContext,
  { dryRun = false }: { dryRun?: boolean },
): Promise<Answer> {
  const steps = await applyOverage(core, { dryRun })
  return { json: { dryRun, steps }, lines: steps.length > 0 ? steps.map(describe) : [NOTHING] }
}

const NOTHING = 'No subscription has a plan that sells overage.'

function describe({ action, userId, subscriptionId, plan, detail }: OverageStep): string {
  return [action.padEnd(6), userId, subscriptionId || '-', plan, detail].join('  ')
}
