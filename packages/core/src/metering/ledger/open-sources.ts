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
  const keys = needs.filter(usesSources).map(({ key }) => key)
  const ids = needs.flatMap(({ parts }) => parts.flatMap(({ grants }) => grants.map(([id]) => id)))
  const terms = needs.filter((need) => usesSources(need) || need.parts.some(isHeldOverage))
  const termKeys = terms.map(({ key }) => key)
  const [unlocked, grants, , overage] = await sendTogether(db, [
    () => findExpiredHolds(db, keys, now),
    () => lockGrants(db, { keys, ids, now }),
    () => lockTerms(db, termKeys),
    () => readTerms(db, termKeys, now),
  ])
  if (unlocked.length > 0) return unlocked
  for (const need of needs) open(need, { grants, overage, now })
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
    if (!counter.hasSources && parts.length === 0) continue
    const key = meterKey(counter.key)
    const need = needs.get(key) ?? { key: counter.key, counters: [], parts: [] }
    needs.set(key, need)
    need.counters.push(counter)
    need.parts.push(...parts)
  }
  return [...needs.values()]
}

function usesSources({ counters }: Need): boolean {
  return counters.some(({ hasSources }) => hasSources)
}

function isOfSources({ grants, overage }: Parts): boolean {
  return grants.length > 0 || overage > 0
}

function isHeldOverage({ overage }: Parts): boolean {
  return overage > 0
}

function open(
  { key, counters }: Need,
  locked: { grants: readonly GrantRow[]; overage: Map<string, OverageRow>; now: Date },
): void {
  const [first] = counters
  if (!first) return
  const row = locked.overage.get(meterKey(key)) ?? null
  const grants = locked.grants.filter((each) => isOf(each, key)).map(toGrant)
  const sources: Sources = {
    userId: key.userId,
    meter: key.meter,
    credits: grants.reduce((sum, { isLive, remaining }) => sum + (isLive ? remaining : 0), 0),
    grants,
    overage: overageAt(row, first.entitlement, locked.now),
    overageHeld: 0,
    sales: new Map(),
  }
  for (const counter of counters) {
    for (const parts of counter.expired) letGo(sources, parts)
    counter.sources = sources
    counter.beyond = sources
  }
}

function isOf(row: GrantRow, { userId, meter }: MeterKey): boolean {
  return row.user_id === userId && row.meter === meter
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
