export type Json = null | string | number | boolean | Json[] | { [key: string]: Json }

/** An accepted difference with its reason. `field` is the path in `object`. */
export interface Accepted {
  object: string
  field: string
  kind: Kind
  why: string
}

/** `missing`: recorded, not ours. `extra`: ours, not recorded. `type`, `length`, `value`: another one. */
export type Kind = 'missing' | 'extra' | 'type' | 'length' | 'value'

interface Place {
  object: string
  field: string
}

/** Two instants that are this many seconds apart count as the same: a recorded request took some time. */
const SAME_TIME = 15
const FIRST_TIME = 1_000_000_000

const ID = /\b(?:[a-z]{2,6}|cs_test|sub_sched)_[A-Za-z0-9]{14,}\b/g
/** What Stripe adds to `No such …` for a Connect platform, as the recorded account was. */
const OF_PLATFORMS = /; It's possible this \w+ exists on one of your connected accounts.*$/
const RANDOM = /_secret_|REDACTED|^https?:\/\//

function kindOf(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function isRecord(value: Json | undefined): value is { [key: string]: Json } {
  return kindOf(value) === 'object'
}

/** Whether two values are the same but for ids, times, secrets and URLs. */
function same(recorded: Json, ours: Json | undefined): boolean {
  if (typeof recorded === 'number' && typeof ours === 'number') {
    const areTimes = recorded > FIRST_TIME && ours > FIRST_TIME
    return areTimes ? Math.abs(recorded - ours) <= SAME_TIME : recorded === ours
  }
  if (typeof recorded !== 'string' || typeof ours !== 'string') return recorded === ours
  if (RANDOM.test(recorded) && RANDOM.test(ours)) return true
  return withoutIds(recorded) === withoutIds(ours)
}

function withoutIds(text: string): string {
  return text.replace(OF_PLATFORMS, '').replace(ID, (id) => `${id.split('_')[0]}_…`)
}

class Comparison {
  readonly found = new Set<string>()
  readonly #allowed: readonly Accepted[]

  constructor(allowed: readonly Accepted[]) {
    this.#allowed = allowed
  }

  /** Compares two values at a field of an object. */
  compare(recorded: Json, ours: Json | undefined, at: Place): void {
    const [theirs, mine] = [kindOf(recorded), kindOf(ours)]
    if (theirs !== mine) {
      this.#report({ ...at, kind: 'type' }, `recorded ${show(recorded)}, ours ${show(ours)}`)
    } else if (Array.isArray(recorded) && Array.isArray(ours)) {
      this.#compareLists(recorded, ours, at)
    } else if (isRecord(recorded) && isRecord(ours)) {
      this.#compareFields(recorded, ours, at)
    } else if (!same(recorded, ours)) {
      this.#report({ ...at, kind: 'value' }, `recorded ${show(recorded)}, ours ${show(ours)}`)
    }
  }

  #compareLists(recorded: Json[], ours: Json[], at: Place): void {
    if (recorded.length !== ours.length) {
      const lengths = `recorded ${recorded.length} entries, ours ${ours.length}`
      this.#report({ ...at, kind: 'length' }, lengths)
      return
    }
    for (const [index, item] of recorded.entries()) this.compare(item, ours[index], at)
  }

  #compareFields(
    recorded: { [key: string]: Json },
    ours: { [key: string]: Json },
    at: Place,
  ): void {
    const name = recorded['object']
    const isObject = typeof name === 'string' && name !== 'list'
    const object = isObject ? name : at.object
    const prefix = isObject || at.field === '' ? '' : `${at.field}.`
    for (const key of new Set([...Object.keys(recorded), ...Object.keys(ours)])) {
      const place = { object, field: `${prefix}${key}` }
      if (!(key in ours)) {
        this.#report({ ...place, kind: 'missing' }, `recorded ${show(recorded[key])}, not ours`)
      } else if (!(key in recorded)) {
        this.#report({ ...place, kind: 'extra' }, 'ours, not recorded')
      } else this.compare(recorded[key] ?? null, ours[key], place)
    }
  }

  #report(difference: Omit<Accepted, 'why'>, what: string): void {
    const { object, field, kind } = difference
    const isAllowed = this.#allowed.some(
      (one) => one.object === object && covers(one.field, field) && one.kind === kind,
    )
    if (!isAllowed) this.found.add(`${object}.${field} (${kind}): ${what}`)
  }
}

/** Whether an accepted field, or all fields in it (`options.*`), is this one. */
function covers(accepted: string, field: string): boolean {
  return accepted.endsWith('*') ? field.startsWith(accepted.slice(0, -1)) : accepted === field
}

function show(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}

/**
 * The differences of two responses: fields, types, lengths of lists, and values, except ids, times within some
 * seconds, secrets and URLs.
 */
export function differences(
  recorded: Json,
  ours: Json,
  allowed: readonly Accepted[],
): ReadonlySet<string> {
  const comparison = new Comparison(allowed)
  comparison.compare(recorded, ours, { object: 'answer', field: '' })
  return comparison.found
}
