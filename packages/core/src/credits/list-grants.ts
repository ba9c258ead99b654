import { requireUser } from '../accounts/index.ts'
import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import { isMeter } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { checkText } from '../text.ts'
import type { Grant } from './grant.ts'
import { readLiveGrants } from './grants-store.ts'

/**
 * A user's live grants with something left, also where open reservations hold it: meter by meter in the catalogue's order,
 * and in the order of use. What they have in `remaining` is what `Balance.credits` sums. Throws USER_NOT_FOUND.
 */
export async function listGrants<C extends AnyCatalog>(
  ctx: Context<C>,
  { userId }: { userId: string },
): Promise<Grant<MeterOf<C>>[]> {
  checkText('userId', userId)
  const grants = await readLiveGrants(ctx.db.pool, { userId, now: ctx.clock.now() })
  if (grants.length === 0) await requireUser(ctx.db.pool, userId)
  const order: readonly string[] = ctx.catalog.meterIds
  return grants
    .flatMap((grant) =>
      isMeter(ctx.catalog, grant.meter) ? [{ ...grant, meter: grant.meter }] : [],
    )
    .toSorted((a, b) => order.indexOf(a.meter) - order.indexOf(b.meter))
}
