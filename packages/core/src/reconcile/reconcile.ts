import { setTimeout as delay } from 'node:timers/promises'
import { appendAudit } from '../accounts/index.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { Lease } from '../database/index.ts'
import { inTransaction, withLease } from '../database/index.ts'
import { decodeCursor, encodeCursor } from '../database/page.ts'
import { invalid } from '../errors.ts'
import { assertReachable, writeStop } from '../stripe/index.ts'
import type { Drift } from './drift.ts'
import { createPace } from './pace.ts'
import type { DriftCount, Position, Run } from './reconcile-store.ts'
import { countDrift, openRun, readDrift, saveStep, stages } from './reconcile-store.ts'
import type { Step } from './stages/step.ts'
import { allUnknown } from './stages/step.ts'
import { takeStep } from './stages/take-step.ts'
import { stopWhenAway } from './stop-when-away.ts'

/** Unless the settings say otherwise. */
export const RECONCILE_REQUESTS_PER_SECOND = 10

export interface ReconcileInput {
  /** Compare only: nothing is written. */
  dryRun: boolean
  /** Ends after about so many requests to Stripe, but not before one step. Where it is left out, the run is finished. */
  maxRequests?: number | undefined
  /** Of a dry run: the `nextCursor` of the call before. */
  cursor?: string | undefined
  /** Who asked, for the audit log. */
  actor?: Actor | undefined
  /** Ends the call early; the next one continues. */
  signal?: AbortSignal | undefined
  /** How long to wait for another run that is under way: 15 s, longer than a killed process holds it. */
  waitMs?: number | undefined
  sleep?: ((ms: number) => Promise<unknown>) | undefined
}

/** What a reconcile run found. */
export interface Reconciliation {
  dryRun: boolean
  /** Whether everything was compared; if not, call again. */
  complete: boolean
  /** Where a dry run continues; null where it is complete. The place of other runs is stored in the database. */
  nextCursor: string | null
  /** How many customers were compared. */
  customers: number
  counts: DriftCount[]
  /** The first 200. */
  drift: Drift[]
}

const LEASE = 'reconcile'
const WAIT_MS = 15_000
const MAX_DRIFT = 200

/**
 * Compares everything that Stripe has of ours with our rows, and makes them equal: all customers with their
 * subscriptions, quotas and invoices; customers that name a user and were never bound; events that were never delivered.
 * Rows that Stripe does not list any more are asked for by their ids, and end as Stripe says. Subscriptions to our plans
 * whose customer is bound to no user it can only report. A customer that Stripe can't be asked about is asked about again
 * later in the run, a bounded number of times, and is then reported as not reached. It compares with what a sync would
 * write, and repairs by a sync. It makes at most `settings.reconcile.requestsPerSecond` requests a second to Stripe. One
 * run is under way at a time; one that ends early, or whose process ends, continues where it stopped. Safe to repeat:
 * where nothing has changed, it finds nothing. Throws UNAVAILABLE while another call works on it, STRIPE_UNAVAILABLE,
 * VALIDATION for a cursor of another list.
 */
export async function reconcile(ctx: Context, input: ReconcileInput): Promise<Reconciliation> {
  const { sleep = delay, maxRequests = Number.POSITIVE_INFINITY, signal } = input
  const perSecond = ctx.settings.reconcile?.requestsPerSecond ?? RECONCILE_REQUESTS_PER_SECOND
  const pace = createPace({ perSecond, clock: ctx.clock }, sleep)
  const paced = { ...ctx, stripe: ctx.stripe.paced(pace.turn) }
  const mayContinue = () => pace.turns < maxRequests && signal?.aborted !== true
  if (input.dryRun) return compareOnly(paced, { cursor: input.cursor, mayContinue })
  const { waitMs = WAIT_MS, actor } = input
  return withLease(ctx, { name: LEASE, waitMs }, (lease) =>
    repair(paced, { lease, mayContinue, actor }),
  )
}

/** A run that writes nothing, so the caller holds its place: the cursor. */
async function compareOnly(
  ctx: Context,
  { cursor, mayContinue }: { cursor: string | undefined; mayContinue: () => boolean },
): Promise<Reconciliation> {
  let position: Position | null = cursor === undefined ? start : decodePosition(cursor)
  const found: Drift[] = []
  let customers = 0
  await assertReachable(ctx, { dryRun: true })
  const throwWhenAway = stopWhenAway(ctx.clock)
  do {
    const step: Step = await takeStep(ctx, position)
    throwWhenAway(step.failure)
    found.push(...step.drift)
    customers += step.failure === undefined ? step.customers : 0
    position = after(position, step.cursor)
  } while (position !== null && mayContinue())
  return {
    dryRun: true,
    complete: position === null,
    nextCursor: position && encodeCursor([position.stage, position.cursor ?? '']),
    customers,
    counts: countKinds(found),
    drift: found.slice(0, MAX_DRIFT),
  }
}

/** A run that repairs. Its place is stored in the database. */
async function repair(
  ctx: Context,
  {
    lease,
    mayContinue,
    actor,
  }: { lease: Lease; mayContinue: () => boolean; actor: Actor | undefined },
): Promise<Reconciliation> {
  await assertReachable(ctx, { dryRun: false })
  let run = await openRun(ctx.db.pool, ctx.clock.now())
  const throwWhenAway = stopWhenAway(ctx.clock)
  do {
    const step: Step = await takeStep(ctx, run)
    run = advance(run, step, ctx.clock.now())
    const { drift, deferral } = step
    await saveStep(ctx.db.pool, { lease, run, drift, deferral }, ctx.clock.now())
    throwWhenAway(step.failure)
    for (const { kind, objectId, customerId, repaired } of step.drift) {
      ctx.log.warn({ kind, objectId, customerId, repaired }, 'a row differed from Stripe')
    }
  } while (run.finishedAt === null && mayContinue())
  if (run.finishedAt !== null && allUnknown(run)) await writeStop(ctx, 'customers_unknown')
  const result = await resultOf(ctx, run)
  if (actor) {
    const { complete, customers, counts } = result
    const details = { complete, customers, counts }
    await inTransaction(ctx.db.pool, (tx) =>
      appendAudit(ctx, { actor, action: 'stripe.reconcile', details }, tx),
    )
  }
  return result
}

const start: Position = { stage: 'customers', cursor: null }

/** Where to continue after a step; null at the end. */
function after({ stage }: Position, cursor: string | null): Position | null {
  if (cursor !== null) return { stage, cursor }
  const next = stages[stages.indexOf(stage) + 1]
  return next === undefined ? null : { stage: next, cursor: null }
}

/** Where Stripe knew no customer, it is not the account of this database, and the run ends there. */
function advance(
  run: Run,
  step: { cursor: string | null; customers: number; unknown: number },
  now: Date,
): Run {
  const position = after(run, step.cursor)
  const counted = {
    ...run,
    customers: run.customers + step.customers,
    unknown: run.unknown + step.unknown,
  }
  const ends = position === null || (position.stage !== 'customers' && allUnknown(counted))
  return ends ? { ...counted, finishedAt: now } : { ...counted, ...position }
}

async function resultOf(ctx: Context, run: Run): Promise<Reconciliation> {
  const counts = await countDrift(ctx.db.pool, run.id)
  const unreached = counts.find(({ kind }) => kind === 'customer_unreached')?.found ?? 0
  return {
    dryRun: false,
    complete: run.finishedAt !== null,
    nextCursor: null,
    customers: run.customers - unreached,
    counts,
    drift: await readDrift(ctx.db.pool, run.id, MAX_DRIFT),
  }
}

function countKinds(drift: readonly Drift[]): DriftCount[] {
  const kinds = [...new Set(drift.map(({ kind }) => kind))].toSorted()
  return kinds.map((kind) => ({
    kind,
    found: drift.filter((each) => each.kind === kind).length,
    repaired: 0,
  }))
}

function decodePosition(cursor: string): Position {
  const [name, last] = decodeCursor(cursor, 2)
  const stage = stages.find((each) => each === name)
  if (!stage) throw invalid('cursor', 'must be the nextCursor of the dry run before')
  return { stage, cursor: last === '' || last === undefined ? null : last }
}
