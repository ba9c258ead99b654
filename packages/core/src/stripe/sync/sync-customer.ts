import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'

/**
 * Makes our rows about a customer equal to Stripe's truth of now. Safe at any time and any number of times:
 * one process works on a customer at once, and a fetch that was overtaken is not written. The rows are at least
 * as new as the call. Throws STRIPE_UNAVAILABLE, STRIPE_REJECTED, UNAVAILABLE.
 */
export async function syncCustomer(_ctx: Context, _input: { customerId: string }): Promise<void> {
  throw new TollgateError('INTERNAL', 'not yet')
}
