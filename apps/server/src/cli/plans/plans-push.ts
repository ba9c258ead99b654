import type { PushStep } from '@tollgate/core'
import { pushPlans } from '@tollgate/core'
import type { Answer, CommandContext } from '../command.ts'

/** Makes Stripe sell what the catalogue says, and tell us of it; says what it will do before it does. */
export async function plansPush(
  { core }: CommandContext,
  { dryRun = false, json = false }: { dryRun?: boolean; json?: boolean },
): Promise<Answer> {
  const announce = (steps: readonly PushStep[]) => {
    const wanted = steps.filter(({ action }) => action !== 'keep')
    if (!json && wanted.length > 0) console.log(['To do:', ...wanted.map(describe), ''].join('\n'))
  }
  const steps = await pushPlans(core, { dryRun, onPlan: announce })
  return { json: { dryRun, steps }, lines: [...steps.map(describe), ...steps.flatMap(tellSecret)] }
}

function describe({ action, object, id, detail }: PushStep): string {
  return [action.padEnd(6), object.padEnd(7), detail, id ?? '-'].join('  ')
}

function tellSecret({ secret }: PushStep): string[] {
  if (secret === undefined) return []
  return [
    '',
    'Stripe tells the signing secret of the new webhook endpoint this once. Set it where the server runs:',
    `STRIPE_WEBHOOK_SECRET=${secret}`,
  ]
}
