import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import { checkText } from '../text.ts'
import { resolveTold } from './delivery/told-store.ts'

/**
 * Notes that the operator has seen to what could not be billed or taken back: reconcile runs report it no more. `identifier`
 * is the one that they report. Throws NOT_FOUND for one that waits for nobody, a repeat too.
 */
export async function resolveOverage(
  ctx: Context,
  { identifier }: { identifier: string },
): Promise<{ identifier: string }> {
  checkText('identifier', identifier)
  if (await resolveTold(ctx.db.pool, { identifier, now: ctx.clock.now() })) return { identifier }
  throw new TollgateError('NOT_FOUND', `No overage waits to be seen to under ${identifier}.`)
}
