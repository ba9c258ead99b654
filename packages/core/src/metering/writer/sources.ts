import type { Beyond, Count, Entitlement, OpenOverage } from '../../quota/index.ts'
import { allowanceLeft, overageLeft } from '../../quota/index.ts'
import type { GrantPart, Openings, Parts, Sale } from './parts.ts'
import { creditedOf } from './parts.ts'

/** A locked grant. A decision takes from it, and holds or gives back. */
export interface OpenGrant {
  id: string
  amount: number
  remaining: number
  held: number
  /** Whether anything may be taken from it. Given back to it is what was taken, in any case. */
  isLive: boolean
  /** As the database has them. */
  stored: { remaining: number; held: number }
}

/** What a user has beyond the allowance of a meter, locked: shared by the counters of all its windows. */
export interface Sources extends Beyond {
  userId: string
  meter: string
  /** Those that are live in the order of use. */
  grants: OpenGrant[]
  overage: OpenOverage | null
  /** What decisions so far add to the units of overage that are held, also where nothing is sold any more. */
  overageHeld: number
  /** What they sold and took back, by row of sales. */
  sales: Map<string, { sale: Sale; units: number }>
}

/** A counter under its lock; `sources` null: its user has nothing beyond the allowance. */
export interface SourcedCounter extends Count {
  entitlement: Entitlement
  sources: Sources | null
}

/** A copy that decisions may change. */
export function copySources(sources: Sources): Sources {
  return {
    ...sources,
    grants: sources.grants.map((grant) => ({ ...grant })),
    overage: sources.overage && { ...sources.overage },
    sales: new Map([...sources.sales].map(([key, sold]) => [key, { ...sold }])),
  }
}

/** What a use may be taken from now. */
export function openingsOf(counter: SourcedCounter, occurredAt: Date): Openings {
  const { sources, entitlement } = counter
  const allowance = allowanceLeft(counter, entitlement)
  if (sources === null) return { allowance, grants: [], overage: 0 }
  const overage = maySell(counter, occurredAt) ? overageLeft(sources.overage) : 0
  return { allowance, grants: sources.grants.filter(({ isLive }) => isLive), overage }
}

/** Whether use that happened then can be sold now. */
export function maySell({ sources }: SourcedCounter, occurredAt: Date): boolean {
  return sources !== null && sources.overage !== null && occurredAt >= sources.overage.itemSince
}

/** Takes parts for good; what is of overage is sold now. Returns the parts with the sale. */
export function use(counter: SourcedCounter, parts: Parts, now: Date): Parts {
  if (isOfWindow(parts)) return parts
  const sources = lockedSources(counter)
  counter.credited += creditedOf(parts)
  counter.sold += parts.overage
  changeGrants(sources, parts.grants, (grant, units) => {
    grant.remaining -= units
  })
  if (parts.overage === 0 || sources.overage === null) return parts
  const sale = saleAt(sources.overage, now)
  addSale(sources, sale, parts.overage)
  return { ...parts, sale }
}

/** Holds parts for a reservation, and returns them. */
export function hold(counter: SourcedCounter, parts: Parts): Parts {
  if (isOfWindow(parts)) return parts
  const sources = lockedSources(counter)
  counter.credited += creditedOf(parts)
  counter.sold += parts.overage
  changeGrants(sources, parts.grants, (grant, units) => {
    grant.remaining -= units
    grant.held += units
  })
  changeHeld(sources, parts.overage)
  return parts
}

/** Ends what a reservation of this counter holds: all of it is given back. */
export function unhold(counter: SourcedCounter, parts: Parts): void {
  if (isOfWindow(parts)) return
  counter.credited -= creditedOf(parts)
  counter.sold -= parts.overage
  letGo(lockedSources(counter), parts)
}

/** Gives back what a reservation held, to grants and overage alone. */
export function letGo(sources: Sources, parts: Parts): void {
  changeGrants(sources, parts.grants, (grant, units) => {
    grant.held -= units
    grant.remaining += units
  })
  changeHeld(sources, -parts.overage)
}

/** Gives back what was taken for good, and takes the sale back. */
export function giveBack(counter: SourcedCounter, parts: Parts): void {
  if (isOfWindow(parts)) return
  const sources = lockedSources(counter)
  counter.credited -= creditedOf(parts)
  counter.sold -= parts.overage
  changeGrants(sources, parts.grants, (grant, units) => {
    grant.remaining += units
  })
  if (parts.sale) addSale(sources, parts.sale, -parts.overage)
}

function lockedSources({ sources }: SourcedCounter): Sources {
  if (sources === null) throw new Error('what this takes from is not locked')
  return sources
}

/** Whether parts are of the window's own: of its allowance, or over. */
function isOfWindow({ grants, overage }: Parts): boolean {
  return grants.length === 0 && overage === 0
}

function changeGrants(
  sources: Sources,
  parts: readonly GrantPart[],
  change: (grant: OpenGrant, units: number) => void,
): void {
  for (const [id, units] of parts) {
    const grant = sources.grants.find((each) => each.id === id)
    if (!grant) throw new Error(`the grant ${id} is not locked`)
    const before = grant.remaining
    change(grant, units)
    if (grant.isLive) sources.credits += grant.remaining - before
  }
}

function changeHeld(sources: Sources, units: number): void {
  sources.overageHeld += units
  if (sources.overage) sources.overage.held += units
}

/** The row in which a sale of now is counted. Never before the last one, where a clock was set back: that has the total. */
function saleAt({ subscriptionId, periodStart, lastHour }: OpenOverage, now: Date): Sale {
  const hour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS)
  return {
    subscription: subscriptionId,
    period: periodStart.toISOString(),
    hour: (lastHour !== null && lastHour > hour ? lastHour : hour).toISOString(),
  }
}

const HOUR_MS = 3_600_000

function addSale({ sales, overage }: Sources, sale: Sale, units: number): void {
  const key = JSON.stringify([sale.subscription, sale.period, sale.hour])
  const before = sales.get(key)
  if (before) before.units += units
  else sales.set(key, { sale, units })
  const isOfNow =
    overage?.subscriptionId === sale.subscription &&
    overage.periodStart.toISOString() === sale.period
  if (isOfNow) overage.used += units
}
