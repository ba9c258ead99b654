import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { userNotFound } from '../errors.ts'
import { checkText } from '../text.ts'
import type { Entitlement } from './entitlement.ts'
import type { Entitled } from './read-entitled.ts'
import { readEntitled } from './read-entitled.ts'
import type { Window } from './windows/windows.ts'

export interface MeterQuota<M extends string = string> {
  meter: M
  limit: number
  unlimited: boolean
  /** none: the user may use nothing. */
  source: Entitlement['source']
}

/** What a user may use of each meter now. `source` none: nothing. Throws USER_NOT_FOUND. */
export async function getQuota<C extends AnyCatalog>(
  ctx: Context<C>,
  { userId }: { userId: string },
): Promise<MeterQuota<MeterOf<C>>[]> {
  const standing = await readMeters(ctx, { userId, meters: ctx.catalog.meterIds })
  return standing.map(({ meter, entitlement: { limit, unlimited, source } }) => ({
    meter,
    limit: unlimited ? 0 : limit,
    unlimited,
    source,
  }))
}

/** Entitlement and use of meters, each in its window of now unless another is given. Throws USER_NOT_FOUND. */
export async function readMeters<M extends string>(
  ctx: Context,
  { userId, ...query }: { userId: string; meters: readonly M[]; window?: Window | undefined },
): Promise<Entitled<M>[]> {
  checkText('userId', userId)
  const rows = await readEntitled(ctx, { userIds: [userId], ...query })
  if (rows.length === 0) throw userNotFound(userId)
  return rows
}
