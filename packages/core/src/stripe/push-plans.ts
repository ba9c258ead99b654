import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'

/** One thing that `pushPlans` did, or would do. */
export interface PushStep {
  action: 'create' | 'update' | 'keep'
  object: 'product' | 'price'
  /** Stripe's id; null for one that a dry run would create. */
  id: string | null
  /** What it is for, as a line for the operator. */
  detail: string
}

/**
 * Makes Stripe sell what the catalogue says: a product a plan, and its price under the lookup key
 * `tollgate_<plan>`. A new amount makes a new price; who pays the old one stays on it. Safe to repeat.
 */
export async function pushPlans(_ctx: Context, _input: { dryRun: boolean }): Promise<PushStep[]> {
  throw new TollgateError('INTERNAL', 'not yet')
}
