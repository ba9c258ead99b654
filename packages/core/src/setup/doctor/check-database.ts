import type { Context } from '../../context.ts'
import {
  migrationsFolder,
  pendingMigrations,
  requireFit,
  UnfitDatabaseError,
} from '../../database/index.ts'
import { summarizeInbox } from '../../inbox/index.ts'
import { queueTrouble } from '../../queue-schema.ts'
import { changedResets, describeChange } from '../../quota/verbs.ts'
import { lastReconcile } from '../../reconcile/index.ts'
import { readWorkerSilence } from './doctor-store.ts'
import type { Finding } from './finding.ts'
import { ok, problem } from './finding.ts'

const MIGRATE = 'Start the server once: it migrates the database.'

export async function checkDatabase(ctx: Context): Promise<Finding> {
  try {
    await requireFit(ctx.db.url)
    const trouble = await queueTrouble(ctx.db.pool)
    if (trouble) return problem('database', trouble.problem, trouble.fix)
    const pending = await pendingMigrations(ctx.db.pool, migrationsFolder())
    if (pending.length === 0) return ok('database', 'reachable and migrated')
    return problem('database', `${pending.length} migrations are missing`, MIGRATE)
  } catch (error) {
    if (error instanceof UnfitDatabaseError) return problem('database', error.problem, error.fix)
    const reason = error instanceof Error ? error.message : String(error)
    return problem(
      'database',
      `can't be reached: ${reason}`,
      'Set DATABASE_URL, or start PostgreSQL.',
    )
  }
}

/** Whether a start would refuse how a meter of the catalogue resets. */
export async function checkResets(ctx: Context): Promise<Finding> {
  const changed = await changedResets(ctx)
  if (changed.length === 0)
    return ok('windows of meters', 'as they were when a server last started')
  return problem(
    'windows of meters',
    changed.map((change) => `meters.${change.meter}.resets ${describeChange(change)}`).join('; '),
    'Put it back, or start once with --accept-resets.',
  )
}

/** A worker runs a job of the schedule each minute. */
const SILENT_SECONDS = 180

export async function checkWorker(ctx: Context): Promise<Finding> {
  const silence = await readWorkerSilence(ctx.db.pool)
  if (silence === null) return problem('worker', 'none has ever run', 'Start the server.')
  const seconds = Math.round(silence)
  if (seconds <= SILENT_SECONDS) return ok('worker', `active ${seconds} s ago`)
  return problem('worker', `not active for ${seconds} s`, 'Start the server: webhooks wait for it.')
}

const WAITING_MS = 10 * 60_000

export async function checkInbox(ctx: Context): Promise<Finding> {
  const { pending, failing, dead, oldestWaitingAt } = await summarizeInbox(ctx)
  const message = `${pending} pending, ${failing} failing, ${dead} dead`
  if (dead > 0) {
    return problem(
      'webhook inbox',
      message,
      'See why in the admin page, then: tollgate events replay --dead',
    )
  }
  const waitedMs =
    oldestWaitingAt === null ? 0 : ctx.clock.now().getTime() - Date.parse(oldestWaitingAt)
  if (waitedMs <= WAITING_MS) return ok('webhook inbox', message)
  return problem(
    'webhook inbox',
    `${message}; the oldest waits since ${oldestWaitingAt}`,
    'See why in the admin page; the worker tries again by itself.',
  )
}

export async function checkReconcile(ctx: Context): Promise<Finding> {
  const last = await lastReconcile(ctx)
  if (last === null) return ok('reconcile', 'none has run yet')
  const when = last.finishedAt === null ? `since ${last.startedAt}` : `ended ${last.finishedAt}`
  if (last.unrepaired === 0) return ok('reconcile', `${when}, nothing left to repair`)
  return problem(
    'reconcile',
    `${when}, ${last.unrepaired} differences not repaired`,
    'See them with: tollgate stripe reconcile --dry-run',
  )
}
