/** A place that a counter stood at: used and reserved. */
type Place = `${number} ${number}`

/** An effect on a counter: where it says that the counter stood after it, and by how much it moved it. */
export interface Effect {
  used: number
  reserved: number
  usedBy: number
  reservedBy: number
}

/**
 * Whether the effects could have come one after the other from an empty counter, each answered with where it left
 * the counter: a walk that takes each of them once (Euler). Two that were decided on the same state make it impossible.
 */
export function isOneSequence(effects: readonly Effect[]): boolean {
  const surplus = new Map<Place, number>()
  const next = new Map<Place, Place[]>()
  for (const { used, reserved, usedBy, reservedBy } of effects) {
    const from: Place = `${used - usedBy} ${reserved - reservedBy}`
    const to: Place = `${used} ${reserved}`
    surplus.set(from, (surplus.get(from) ?? 0) + 1)
    surplus.set(to, (surplus.get(to) ?? 0) - 1)
    next.set(from, [...(next.get(from) ?? []), to])
  }
  const start: Place = '0 0'
  const uneven = [...surplus].filter(([, count]) => count !== 0)
  const isWalk =
    uneven.length === 0 ||
    (uneven.length === 2 && surplus.get(start) === 1 && uneven.some(([, count]) => count === -1))
  return isWalk && [...next.keys()].every((place) => reachable(next, start).has(place))
}

function reachable(next: Map<Place, Place[]>, start: Place): Set<Place> {
  const seen = new Set([start])
  for (const place of seen) for (const to of next.get(place) ?? []) seen.add(to)
  return seen
}
