import type pg from 'pg'
import { sendTogether } from '../../database/index.ts'
import type { OverageRow } from '../../quota/index.ts'
import { overageAt } from '../../quota/index.ts'
import type { OpenCounter } from '../writer/decide.ts'
import type { Parts } from '../writer/parts.ts'
import type { OpenGrant, Sources } from '../writer/sources.ts'
import { letGo } from '../writer/sources.ts'
import type { CounterKey } from './counter-store.ts'
import type { GrantRow, MeterKey } from './sources-store.ts'
import {
  addSales,
  changeHeld,
  findExpiredHolds,
  lockGrants,
  lockTerms,
  meterKey,
  readTerms,
  writeGrants,
} from './sources-store.ts'

/** What of a meter's sources has to be locked. */
interface Need {
  key: MeterKey
  counters: OpenCounter[]
  /** Parts that are given back: of reservations that have expired, and of an entry that is closed. */
  parts: Parts[]
}

/**
 * Locks the grants and the overage that the users of locked counters have, and gives back what their expired reservations
 * held. For users without any it asks nothing. Reservations that expired in windows whose counters are not locked
 * may hold parts of the same grants: those counters are returned, to be locked first; else none.
 */
export async function openSources(
  db: pg.ClientBase,
  counters: Iterable<OpenCounter>,
  { now, closing }: { now: Date; closing?: { counter: OpenCounter; parts: Parts } },
): Promise<CounterKey[]> {
  const needs = needsOf(counters, closing)
  if (needs.length === 0) return []
  const keysOf = (wanted: (need: Need) => boolean) => needs.filter(wanted).map(({ key }) => key)
  const ids = needs.flatMap(({ parts }) => parts.flatMap(({ grants }) => grants.map(([id]) => id)))
  const ofGrants = keysOf(hasGrants)
  const ofTerms = keysOf((need) => hasOverage(need) || need.parts.some(isHeldOverage))
  const [unlocked, grants, , terms] = await sendTogether(db, [
    () =>
      findExpiredHolds(
        db,
        keysOf((need) => hasGrants(need) || hasOverage(need)),
        now,
      ),
    async () =>
      ofGrants.length + ids.length > 0 ? lockGrants(db, { keys: ofGrants, ids, now }) : [],
    async () => (ofTerms.length > 0 ? lockTerms(db, ofTerms) : null),
    async () => (ofTerms.length > 0 ? readTerms(db, ofTerms, now) : new Map<string, OverageRow>()),
  ])
  if (unlocked.length > 0) return unlocked
  const grantsOf = byMeter(grants)
  for (const need of needs) {
    const key = meterKey(need.key)
    open(need, { grants: grantsOf.get(key) ?? [], overage: terms.get(key) ?? null, now })
  }
  return []
}

function needsOf(
  counters: Iterable<OpenCounter>,
  closing: { counter: OpenCounter; parts: Parts } | undefined,
): Need[] {
  const needs = new Map<string, Need>()
  for (const counter of counters) {
    const parts = counter.expired.filter(isOfSources)
    if (closing?.counter === counter && isOfSources(closing.parts)) parts.push(closing.parts)
    if (!counter.hasGrants && !counter.hasOverage && parts.length === 0) continue
    const key = meterKey(counter.key)
    const need = needs.get(key) ?? { key: counter.key, counters: [], parts: [] }
    needs.set(key, need)
    need.counters.push(counter)
    need.parts.push(...parts)
  }
  return [...needs.values()]
}

function hasGrants({ counters }: Need): boolean {
  return counters.some((counter) => counter.hasGrants)
}

function hasOverage({ counters }: Need): boolean {
  return counters.some((counter) => counter.hasOverage)
}

function isOfSources({ grants, overage }: Parts): boolean {
  return grants.length > 0 || overage > 0
}

function isHeldOverage({ overage }: Parts): boolean {
  return overage > 0
}

function open(
  { key, counters }: Need,
  locked: { grants: readonly GrantRow[]; overage: OverageRow | null; now: Date },
): void {
  const [first] = counters
  if (!first) return
  const grants = locked.grants.map(toGrant)
  const sources: Sources = {
    userId: key.userId,
    meter: key.meter,
    credits: grants.reduce((sum, { isLive, remaining }) => sum + (isLive ? remaining : 0), 0),
    grants,
    overage: overageAt(locked.overage, first.entitlement, locked.now),
    overageHeld: 0,
    sales: new Map(),
  }
  for (const counter of counters) {
    for (const parts of counter.expired) letGo(sources, parts)
    counter.sources = sources
    counter.beyond = sources
  }
}

function byMeter(grants: readonly GrantRow[]): Map<string, GrantRow[]> {
  const all = new Map<string, GrantRow[]>()
  for (const row of grants) {
    const key = meterKey({ userId: row.user_id, meter: row.meter })
    const of = all.get(key)
    if (of) of.push(row)
    else all.set(key, [row])
  }
  return all
}

function toGrant(row: GrantRow): OpenGrant {
  const [remaining, held] = [Number(row.remaining), Number(row.held)]
  const stored = { remaining, held }
  return { id: row.id, amount: Number(row.amount), remaining, held, isLive: row.is_live, stored }
}

/** Writes what changed: one row a grant that was touched, and one for overage. */
export async function writeSources(db: pg.ClientBase, all: readonly Sources[]): Promise<void> {
  const grants = all.flatMap((sources) => sources.grants.filter(isChanged))
  const held = all.flatMap(({ overageHeld: units, ...key }) =>
    units === 0 ? [] : [{ ...key, units }],
  )
  const sales = all.flatMap(({ userId, meter, sales: changes }) =>
    [...changes.values()].flatMap((change) =>
      change.units === 0 ? [] : [{ userId, meter, ...change }],
    ),
  )
  await sendTogether(db, [
    ...(grants.length > 0 ? [() => writeGrants(db, grants)] : []),
    ...(held.length > 0 ? [() => changeHeld(db, held)] : []),
    ...(sales.length > 0 ? [() => addSales(db, sales)] : []),
  ])
}

function isChanged({ remaining, held, stored }: OpenGrant): boolean {
  return remaining !== stored.remaining || held !== stored.held
}

/** The sources of counters, each once: those of a meter are shared by its windows. */
export function sourcesOf(counters: Iterable<OpenCounter>): Sources[] {
  const all = new Set<Sources>()
  for (const { sources } of counters) if (sources) all.add(sources)
  return [...all]
}
