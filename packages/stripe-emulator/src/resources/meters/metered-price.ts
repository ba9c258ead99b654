import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { Price } from '../../documents.ts'
import { isMetered, requireMeter } from './meter.ts'

/** How a price recurs, as a request gives it. */
interface Recurring {
  meter?: string | undefined
  usage_type?: 'licensed' | 'metered' | undefined
}

/**
 * Checks the meter of a new price. Throws 400 for a metered price without a meter (probed), for a meter without
 * `usage_type: metered`, and for one that does not exist or is inactive.
 */
export function checkMeter(ctx: Context, recurring: Recurring | undefined): void {
  const { meter: id, usage_type: usageType } = recurring ?? {}
  if (usageType === 'metered' && id === undefined) {
    throw invalidRequest(
      'Starting with Stripe version `2025-03-31.basil`, metered prices must be backed by meters.',
    )
  }
  if (id === undefined) return
  const param = 'recurring[meter]'
  if (usageType !== 'metered') {
    throw invalidRequest(
      '`recurring[meter]` can only be set when `recurring[usage_type]` is `metered`.',
      { param },
    )
  }
  if (requireMeter(ctx, id, param).status === 'active') return
  throw invalidRequest("You can't attach a deactivated meter to a price.", { param })
}

/** A metered item has no quantity: its usage is one. Throws 400 (sighted). */
export function refuseQuantity(price: Price, quantity: number | undefined, param: string): void {
  if (quantity === undefined || !isMetered(price)) return
  throw invalidRequest('You cannot set the quantity for metered plans.', { param })
}
