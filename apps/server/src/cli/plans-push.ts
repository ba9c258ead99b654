import { pushPlans } from '@tollgate/core'
import type { Answer, CommandContext } from './command.ts'

/** Makes Stripe sell what the catalogue says, or tells what it would do. */
export async function plansPush(
  { core }: CommandContext,
  { dryRun = false }: { dryRun?: boolean },
): Promise<Answer> {
  const steps = await pushPlans(core, { dryRun })
  const lines = steps.map(({ action, object, id, detail }) =>
    [action.padEnd(6), object.padEnd(7), detail, id ?? '(dry run)'].join('  '),
  )
  return { json: { dryRun, steps }, lines }
}
