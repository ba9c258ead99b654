import type { Limit, Meter } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'

/**
 * What a price gives in a month; the guide's `get_quota_limits_for_price`. Null for a price that stands for no
 * plan of ours: it gives nothing. Takes the context, since what a price stands for is asked of the database
 * and Stripe. Throws STRIPE_UNAVAILABLE only for a price that was never seen before.
 */
export async function getQuotaLimitsForPrice(
  _ctx: Context,
  _priceId: string,
): Promise<Record<Meter, Limit> | null> {
  throw new TollgateError('INTERNAL', 'not yet')
}
