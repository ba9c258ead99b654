import type { AnyCatalog, MeterOf } from '../catalog/index.ts'
import { checkMeter, isMeter, meterOf } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { invalid } from '../errors.ts'
import { checkInstant } from '../instant.ts'
import { checkText } from '../text.ts'
import type { Balance } from './balance/balance.ts'
import { balanceOf } from './balance/balance.ts'
import { readMeters } from './get-quota.ts'
import { readDays } from './windows/days-store.ts'
import { monthOf, parsePeriod } from './windows/windows.ts'

/**
 * The balance of every meter in its window of now, from the counters that decide. With a `period` that of the meters which
 * reset by the month, in that month (UTC); the limit is today's, for past months too. `periodStart` and `periodEnd` are
 * the month's. Throws USER_NOT_FOUND, VALIDATION.
 */
export async function getUsage<C extends AnyCatalog>(
  ctx: Context<C>,
  { userId, period }: { userId: string; period?: string | undefined },
): Promise<{ periodStart: string; periodEnd: string; meters: Balance<MeterOf<C>>[] }> {
  const month = period === undefined ? monthOf(ctx.clock.now()) : parsePeriod(period)
  const meters: readonly MeterOf<C>[] = ctx.catalog.meterIds
  const window = period === undefined ? undefined : month
  const standing = await readMeters(ctx, { userId, meters, window })
  return {
    periodStart: month.startsAt,
    periodEnd: month.endsAt,
    meters: standing
      .filter(({ meter }) => !window || meterOf(ctx.catalog, meter).resets === 'month')
      .map((row) => balanceOf(row, row, row.entitlement)),
  }
}

/** The longest range of days that a history may span. */
const MAX_DAYS = 400

/**
 * Use a day (UTC, both ends included) and meter, newest first; days without use are left out.
 * Throws VALIDATION when the range is reversed or longer than 400 days.
 */
export async function getUsageHistory<C extends AnyCatalog>(
  ctx: Context<C>,
  input: { userId: string; from: string; to: string; meter?: MeterOf<C> | undefined },
): Promise<{ date: string; meter: MeterOf<C>; amount: number; events: number }[]> {
  checkText('userId', input.userId)
  for (const end of ['from', 'to'] as const) {
    if (!/^\d{4}-\d\d-\d\d$/.test(input[end])) throw invalid(end, 'must be a date as YYYY-MM-DD')
    checkInstant(end, new Date(`${input[end]}T00:00:00.000Z`))
  }
  const days = (Date.parse(input.to) - Date.parse(input.from)) / 86_400_000 + 1
  if (!(days >= 1)) throw invalid('to', 'must not be before from')
  if (days > MAX_DAYS) throw invalid('from', `must be at most ${MAX_DAYS} days before to`)
  if (input.meter !== undefined) checkMeter(ctx.catalog, input.meter)
  const meters: readonly string[] = input.meter ? [input.meter] : ctx.catalog.meterIds
  const rows = await readDays(ctx.db.pool, { ...input, meters })
  return rows.flatMap((row) =>
    isMeter(ctx.catalog, row.meter) ? [{ ...row, meter: row.meter }] : [],
  )
}
