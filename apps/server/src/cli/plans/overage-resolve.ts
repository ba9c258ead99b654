import { resolveOverage } from '@tollgate/core'
import type { Answer, CommandContext } from '../command.ts'

/** Notes that the operator has seen to overage that could not be billed, or has to be given back. */
export async function overageResolve(
  { core }: CommandContext,
  { identifier }: { identifier: string },
): Promise<Answer> {
  const resolved = await resolveOverage(core, { identifier })
  return { json: resolved, lines: [`${identifier} is reported no more.`] }
}
