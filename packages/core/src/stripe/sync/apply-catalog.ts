import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'

/**
 * Rewrites the quotas of current subscriptions to the limits that the catalogue has now, and answers how many
 * rows changed. Called at server start; a repeat finds nothing to do.
 */
export async function applyCatalog(_ctx: Context): Promise<number> {
  throw new TollgateError('INTERNAL', 'not yet')
}
