import { setTimeout as delay } from 'node:timers/promises'
import { appendAudit } from '../accounts/index.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { Lease } from '../database/index.ts'
import { inTransaction, leaseTaken, releaseLease, takeLease } from '../database/index.ts'
import { decodeCursor, encodeCursor } from '../database/page.ts'
import { invalid } from '../errors.ts'
import { assertReachable, noteStop } from '../stripe/account/index.ts'
import type { Drift } from './drift.ts'
import { createPace } from './pace.ts'
import type { DriftCount, Position, Run } from './reconcile-store.ts'
import { countDrift, openRun, readDrift, saveStep, stages } from './reconcile-store.ts'
import { takeStep } from './stages.ts'

/** Unless the settings say otherwise. */
export const RECONCILE_REQUESTS_PER_SECOND = 10

export interface ReconcileInput {
  /** Only look: nothing is written. */
  dryRun: boolean
  /** Ends after about so many requests to Stripe, but not before one step; to the end of the walk where it is left out. */
  maxRequests?: number | undefined
  /** Of a dry run: the `nextCursor` of the one before. */
  cursor?: string | undefined
  /** Who asked, for the audit log. */
  actor?: Actor | undefined
  /** Ends the walk early; the next one goes on. */
  signal?: AbortSignal | undefined
  sleep?: ((ms: number) => Promise<unknown>) | undefined
}

/** What a reconcile found. */
export interface Reconciliation {
  dryRun: boolean
  /** Whether everything was looked at; if not, call again. */
  complete: boolean
  /** Where a dry run goes on; null where it is complete, or where the database keeps the place. */
  nextCursor: string | null
  /** How many customers were compared. */
  customers: number
  counts: DriftCount[]
  /** The first 200. */
  drift: Drift[]
}

const LEASE = 'reconcile'
const HOLD_MS = 120_000
const MAX_DRIFT = 200

/**
 * Compares everything that Stripe has of ours with our rows, and makes them equal: all customers with their
 * subscriptions, quotas and invoices; customers that name a user and were never bound; subscriptions to plans that
 * nobody here has, which it can only tell; events that were never delivered. What it compares with is what a sync would write, and what it repairs by is that sync. It asks
 * Stripe `settings.reconcile.requestsPerSecond` times a second at most. One walk goes on at a time; one that ends
 * early, or with its process, goes on where it stopped. Safe to repeat: with nothing changed, it finds nothing.
 * Throws UNAVAILABLE while another one is at work, STRIPE_UNAVAILABLE, VALIDATION for a cursor not from here.
 */
export async function reconcile(ctx: Context, input: ReconcileInput): Promise<Reconciliation> {
  const { sleep = delay, maxRequests = Number.POSITIVE_INFINITY, signal } = input
  const perSecond = ctx.settings.reconcile?.requestsPerSecond ?? RECONCILE_REQUESTS_PER_SECOND
  const pace = createPace({ perSecond, clock: ctx.clock }, sleep)
  const paced = { ...ctx, stripe: ctx.stripe.paced(pace.turn) }
  const goesOn = () => pace.turns < maxRequests && signal?.aborted !== true
  if (input.dryRun) return look(paced, { cursor: input.cursor, goesOn })
  const lease = await takeLease(ctx.db.pool, LEASE, HOLD_MS)
  if (!lease) throw leaseTaken()
  try {
    return await walk(paced, { lease, goesOn, actor: input.actor })
  } finally {
    await releaseLease(ctx.db.pool, lease)
  }
}

/** A walk that writes nothing, and so keeps its place with the caller. */
async function look(
  ctx: Context,
  { cursor, goesOn }: { cursor: string | undefined; goesOn: () => boolean },
): Promise<Reconciliation> {
  let position: Position | null = cursor === undefined ? start : decodePosition(cursor)
  const found: Drift[] = []
  let customers = 0
  await assertReachable(ctx, { dryRun: true })
  do {
    const step = await takeStep(ctx, position, true)
    found.push(...step.drift)
    customers += step.customers
    position = after(position, step.cursor)
  } while (position !== null && goesOn())
  return {
    dryRun: true,
    complete: position === null,
    nextCursor: position && encodeCursor([position.stage, position.cursor ?? '']),
    customers,
    counts: countKinds(found),
    drift: found.slice(0, MAX_DRIFT),
  }
}

async function walk(
  ctx: Context,
  { lease, goesOn, actor }: { lease: Lease; goesOn: () => boolean; actor: Actor | undefined },
): Promise<Reconciliation> {
  await assertReachable(ctx, { dryRun: false })
  let run = await openRun(ctx.db.pool, ctx.clock.now())
  do {
    const step = await takeStep(ctx, run, false)
    run = advance(run, step, ctx.clock.now())
    await saveStep(ctx.db.pool, { lease, holdMs: HOLD_MS, run, drift: step.drift }, ctx.clock.now())
    for (const { kind, objectId, customerId, repaired } of step.drift) {
      ctx.log.warn({ kind, objectId, customerId, repaired }, 'a row was not what Stripe says')
    }
  } while (run.finishedAt === null && goesOn())
  if (run.finishedAt !== null && allUnknown(run)) await noteStop(ctx, 'customers_unknown')
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

/** Where to go on after a step; null at the end. */
function after({ stage }: Position, cursor: string | null): Position | null {
  if (cursor !== null) return { stage, cursor }
  const next = stages[stages.indexOf(stage) + 1]
  return next === undefined ? null : { stage: next, cursor: null }
}

/** Where no customer was known, nothing else that Stripe says is about this database: the walk ends there. */
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

function allUnknown({ customers, unknown }: Pick<Run, 'customers' | 'unknown'>): boolean {
  return customers > 0 && unknown === customers
}

async function resultOf(ctx: Context, run: Run): Promise<Reconciliation> {
  return {
    dryRun: false,
    complete: run.finishedAt !== null,
    nextCursor: null,
    customers: run.customers,
    counts: await countDrift(ctx.db.pool, run.id),
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
