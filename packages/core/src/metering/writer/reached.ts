import type pg from 'pg'
import { sendTogether } from '../../database/index.ts'
import type { NewAlert, OutgoingEvent, Threshold } from '../../outgoing/index.ts'
import { appendEvents, insertAlerts, onceKey } from '../../outgoing/index.ts'
import type { Window } from '../../quota/index.ts'
import type { CounterKey } from '../ledger/counter-store.ts'
import type { SourcedCounter } from './sources.ts'

/** A counter under its lock, and what others are to be told of it. */
export interface WatchedCounter extends SourcedCounter {
  key: CounterKey
  /** Thresholds of the limit of now that are yet to be reached in this window. */
  armed: readonly Threshold[]
  /** Those that decisions so far have reached, and the events that they write. */
  alerts: NewAlert[]
  events: OutgoingEvent[]
}

/** The shares of live credits at which a user runs low. */
const LOW_SHARES = [0.2, 0]

/** What a decision found: to be taken before it changes the counter. */
export interface Standing {
  /** What of the allowance was used or held. */
  ofAllowance: number
  /** What remained in live grants. */
  credits: number
}

/** Whether a decision on it can reach anything. */
export function isWatched({ armed, sources }: WatchedCounter): boolean {
  return armed.length > 0 || sources !== null
}

export function standingOf({ used, reserved, credited, sold, beyond }: WatchedCounter): Standing {
  return { ofAllowance: used + reserved - credited - sold, credits: beyond.credits }
}

/**
 * Notes on a counter which thresholds a decision has carried it to, and whether the user's credits ran low. The first
 * decision that finds a threshold reached tells it, also where a lower limit has put it below what was used. In a window that is over
 * (late usage) only a threshold that this decision crosses counts: the limit of now says nothing about what was used then.
 */
export function noteReached(
  counter: WatchedCounter,
  before: Standing,
  { window, now }: { window: Window; now: Date },
): void {
  const { ofAllowance } = standingOf(counter)
  const isOver = window.end !== null && window.end <= now
  const reached = counter.armed.filter(
    ({ at }) => ofAllowance >= at && !(isOver && before.ofAllowance >= at),
  )
  if (reached.length > 0) {
    const { userId, meter, period } = counter.key
    counter.armed = counter.armed.filter((threshold) => !reached.includes(threshold))
    for (const { share, limit } of reached) {
      counter.alerts.push({ userId, meter, period, threshold: share, limit })
      const { startsAt: periodStart, endsAt: resetsAt } = window
      counter.events.push({
        userId,
        type: 'quota.threshold_reached',
        data: { meter, threshold: share, limit, used: ofAllowance, periodStart, resetsAt },
        once: onceKey('quota.threshold_reached', meter, period, share, limit),
      })
    }
  }
  if (counter.beyond.credits < before.credits) noteLow(counter, before)
}

/** Each share once, until the user gets a further grant. */
function noteLow({ key, sources, events }: WatchedCounter, before: Standing): void {
  const { userId, meter } = key
  const live = sources?.grants.filter(({ isLive }) => isLive) ?? []
  const granted = live.reduce((sum, { amount }) => sum + amount, 0)
  const credits = sources?.credits ?? 0
  const newest = live.reduce((last, { id }) => (id > last ? id : last), '')
  for (const share of LOW_SHARES) {
    const low = granted * share
    if (before.credits <= low || credits > low) continue
    events.push({
      userId,
      type: 'credits.low',
      data: { meter, threshold: share, credits, granted },
      once: onceKey('credits.low', meter, share, newest),
    })
  }
}

/** Writes what decisions on counters have reached, behind all else that the transaction locks. */
export async function writeReached(
  tx: pg.ClientBase,
  counters: readonly WatchedCounter[],
  now: Date,
): Promise<void> {
  const alerts = counters.flatMap((counter) => counter.alerts)
  const events = counters.flatMap((counter) => counter.events)
  if (events.length === 0) return
  await sendTogether(tx, [() => insertAlerts(tx, alerts, now), () => appendEvents(tx, events, now)])
}
