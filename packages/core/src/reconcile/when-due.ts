import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import { boundAt } from '../stripe/index.ts'
import { RECONCILE_REQUESTS_PER_SECOND, reconcile } from './reconcile.ts'
import { readLastRun } from './reconcile-store.ts'

/** Unless the settings say otherwise. */
const RECONCILE_EVERY_HOURS = 24

/** Somewhat less than a minute of work: the next minute continues. */
const SLICE_SECONDS = 45

/**
 * Called each minute. Continues the run that is not finished, or begins one where the last began
 * `settings.reconcile.everyHours` ago; the first run begins that long after the first sync. While another process works
 * on it, or Stripe can't be reached, it does nothing.
 */
export async function reconcileWhenDue(ctx: Context, signal: AbortSignal): Promise<void> {
  if (!(await isDue(ctx))) return
  const perSecond = ctx.settings.reconcile?.requestsPerSecond ?? RECONCILE_REQUESTS_PER_SECOND
  try {
    const maxRequests = perSecond * SLICE_SECONDS
    const { complete, counts } = await reconcile(ctx, {
      dryRun: false,
      maxRequests,
      signal,
      waitMs: 0,
    })
    if (complete) ctx.log.info({ counts }, 'every row was compared with Stripe')
  } catch (error) {
    if (!(error instanceof TollgateError)) throw error
    ctx.log.warn({ err: error }, 'the comparison with Stripe continues in a minute')
  }
}

async function isDue(ctx: Context): Promise<boolean> {
  const everyHours = ctx.settings.reconcile?.everyHours ?? RECONCILE_EVERY_HOURS
  const last = await readLastRun(ctx.db.pool)
  if (last && last.finishedAt === null) return true
  const since = last?.startedAt ?? (await boundAt(ctx))
  if (everyHours === 0 || since === null) return false
  return ctx.clock.now().getTime() - since.getTime() >= everyHours * 3_600_000
}
