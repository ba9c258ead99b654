import { invalidRequest } from '../../core/errors.ts'
import type { Param, ValueOf } from './param.ts'

export type Fields = Readonly<Record<string, Param<unknown>>>

type RequiredName<F extends Fields> = {
  [Name in keyof F]: F[Name] extends { readonly required: true } ? Name : never
}[keyof F]

/** The parsed value of a shape: required fields are present, the others are optional. */
export type ShapeOf<F extends Fields> = {
  [Name in RequiredName<F>]: ValueOf<F[Name]>
} & { [Name in Exclude<keyof F, RequiredName<F>>]?: ValueOf<F[Name]> }

/** An object of named parameters; any other name is rejected as unknown, as Stripe does. */
export function shape<const F extends Fields>(fields: F): Param<ShapeOf<F>> {
  return {
    inside: { fields },
    read(value, name) {
      const given = value === undefined ? {} : value
      if (!isRecord(given)) throw invalidRequest('Invalid object', { param: name })
      const unknown = Object.keys(given).filter((key) => !Object.hasOwn(fields, key))
      unknownParams(unknown.map((key) => nested(name, key)))
      const result: Record<string, unknown> = {}
      for (const [key, param] of Object.entries(fields)) {
        const read = readField(param, given[key], nested(name, key))
        if (read !== undefined) result[key] = read
      }
      // Each field was parsed by its own Param, as ShapeOf says.
      return result as ShapeOf<F>
    },
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Throws Stripe's 400 for unknown parameters; none where the list is empty. */
export function unknownParams(unknown: string[]): void {
  const [first] = unknown
  if (first === undefined) return
  const noun = unknown.length === 1 ? 'parameter' : 'parameters'
  throw invalidRequest(`Received unknown ${noun}: ${unknown.join(', ')}`, {
    code: 'parameter_unknown',
    param: first,
  })
}

function nested(parent: string, name: string): string {
  return parent === '' ? name : `${parent}[${name}]`
}

function readField(param: Param<unknown>, value: unknown, name: string): unknown {
  if (value !== undefined) return param.read(value, name)
  if (param.required !== true) return undefined
  throw invalidRequest(`Missing required param: ${name}.`, {
    code: 'parameter_missing',
    param: name,
  })
}

/** A list: `items[0][price]`, `expand[]`. */
export function listOf<T>(param: Param<T>): Param<T[]> {
  return {
    inside: { entries: param },
    read(value, name) {
      // The decoder turns an array with missing indexes into an object.
      const items = isRecord(value) ? Object.values(value) : value
      if (!Array.isArray(items)) throw invalidRequest('Invalid array', { param: name })
      return items.map((item, index) => param.read(item, `${name}[${index}]`))
    },
  }
}

/** A change of metadata: strings by key. An empty string removes its key; null removes all. */
export type MetadataChange = Record<string, string> | null

/** Parses `metadata` within Stripe's limits: 50 keys, 40 characters a key, 500 a value. */
export const metadata: Param<MetadataChange> = {
  read(value, name) {
    if (value === '') return null
    if (typeof value !== 'object' || value === null) {
      throw invalidRequest('Invalid metadata: must be a hash of strings', { param: name })
    }
    const result: Record<string, string> = {}
    for (const [key, entry] of Object.entries(value)) {
      if (typeof entry !== 'string') {
        throw invalidRequest(`Invalid metadata value for ${key}: must be a string`, { param: name })
      }
      requireShort({ what: 'key', most: 40, given: key, param: name })
      requireShort({ what: 'value', most: 500, given: entry, param: name })
      result[key] = entry
    }
    const count = Object.keys(result).length
    if (count > MOST_KEYS) {
      const problem = `Metadata can have up to ${MOST_KEYS} keys, but you've set ${count}.`
      throw invalidRequest(
        `${problem} Email us at support+metadata@stripe.com for more information.`,
        { param: name },
      )
    }
    return result
  },
}

const MOST_KEYS = 50

function requireShort(one: {
  what: 'key' | 'value'
  most: number
  given: string
  param: string
}): void {
  const { what, most, given, param } = one
  if (given.length <= most) return
  throw invalidRequest(
    `Metadata ${what}s can have up to ${most} characters, but you passed in a ${what} that is ${given.length} characters. Invalid ${what}: ${given}`,
    { param },
  )
}

/** Strings by any key, such as the payload of a meter event. */
export const stringMap: Param<Record<string, string>> = {
  read(value, name) {
    if (!isRecord(value)) throw invalidRequest('Invalid object', { param: name })
    for (const [key, entry] of Object.entries(value)) {
      if (typeof entry === 'string') continue
      throw invalidRequest(`Invalid string: ${JSON.stringify(entry)}`, { param: nested(name, key) })
    }
    return value as Record<string, string>
  },
}

/** The metadata after a change: keys are merged, an empty value removes its key. */
export function changeMetadata(
  current: Record<string, string>,
  change: MetadataChange | undefined,
): Record<string, string> {
  if (change === undefined) return current
  if (change === null) return {}
  return Object.fromEntries(
    Object.entries({ ...current, ...change }).filter(([, value]) => value !== ''),
  )
}
