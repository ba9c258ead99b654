import { invalidRequest, notEmulated } from '../../core/errors.ts'

/** The parser of one request parameter: from the decoded form to a typed value. Throws 400. */
export interface Param<T> {
  read(value: unknown, name: string): T
  readonly required?: true
  /** What it is, where it has no effect; missing: it takes effect. Checked by `test/parameters.test.ts`. */
  readonly without?: WithoutEffect
  /** The parameters inside: of an object by name, of a list its entries. */
  readonly inside?: Inside
}

/** A parameter of Stripe without an effect: rejected by name, or accepted because it only changes how things look. */
export type WithoutEffect = { gap: true } | { cosmetic: string }

export type Inside = {
  fields?: Readonly<Record<string, Param<unknown>>>
  anyOf?: readonly Param<unknown>[]
  entries?: Param<unknown>
}

/** The type that a parameter is parsed to. */
export type ValueOf<P> = P extends Param<infer T> ? T : never

/** How long a text is at most where no other limit is documented (stripe/openapi, `maxLength`). */
const LONGEST = 5000

/** How many characters of a text that is too long are shown at its beginning, and at its end. */
const SHOWN = 4

/** A string that is not empty and not longer than Stripe allows. */
export function textUpTo(most: number): Param<string> {
  return {
    read(value, name) {
      const given = scalar(value, name)
      if (given.length <= most) return given
      // Sighted in 2026 (`Kine...lue)`); until 2025 ten characters were shown at each end.
      const shown = `${given.slice(0, SHOWN)}...${given.slice(-SHOWN)}`
      throw invalidRequest(`Invalid string: ${shown}; must be at most ${most} characters`, {
        param: name,
      })
    },
  }
}

/** A string that is not empty, of at most 5000 characters. */
export const text: Param<string> = textUpTo(LONGEST)

function scalar(value: unknown, name: string): string {
  if (typeof value === 'string') return value === '' ? cannotBeEmpty(name) : value
  // Stripe shows a list by its indexes.
  const shown = Array.isArray(value) ? { ...value } : value
  throw invalidRequest(`Invalid string: ${JSON.stringify(shown)}`, { param: name })
}

function cannotBeEmpty(name: string): never {
  throw invalidRequest(
    `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`,
    { code: 'parameter_invalid_empty', param: name },
  )
}

/** A whole number between two bounds. */
export function integer(bounds: { min?: number; max?: number } = {}): Param<number> {
  return {
    read(value, name) {
      const raw = scalar(value, name)
      const number = Number(raw)
      if (!/^-?\d+$/.test(raw) || !Number.isSafeInteger(number)) {
        throw invalidRequest(`Invalid integer: ${raw}`, {
          code: 'parameter_invalid_integer',
          param: name,
        })
      }
      const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = bounds
      if (number < min || number > max) {
        const side =
          number < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`
        throw invalidRequest(`This value must be ${side}.`, {
          code: 'parameter_invalid_integer',
          param: name,
        })
      }
      return number
    },
  }
}

/** Seconds since 1970. */
export const timestamp: Param<number> = integer({ min: 0 })

export const boolean: Param<boolean> = {
  read(value, name) {
    const raw = scalar(value, name)
    if (raw === 'true' || raw === '1') return true
    if (raw === 'false' || raw === '0') return false
    throw invalidRequest(`Invalid boolean: ${raw}`, { param: name })
  },
}

/** One of a set of words. */
export function oneOf<const Word extends string>(...words: Word[]): Param<Word> {
  return {
    read(value, name) {
      const raw = scalar(value, name)
      const word = words.find((candidate) => candidate === raw)
      if (word !== undefined) return word
      throw invalidRequest(`Invalid ${name}: must be one of ${listed(words)}`, { param: name })
    },
  }
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  if (words.length < 3) return words.join(' or ')
  return `${words.slice(0, -1).join(', ')}, or ${last}`
}

/** A parameter that an empty string unsets. */
export function emptyable<T>(param: Param<T>): Param<T | null> {
  return { ...param, read: (value, name) => (value === '' ? null : param.read(value, name)) }
}

/** A required parameter. */
export function required<T>(param: Param<T>): Param<T> & { readonly required: true } {
  return { ...param, required: true }
}

/** One of two parsers: the first that accepts the value. */
export function either<A, B>(first: Param<A>, second: Param<B>): Param<A | B> {
  return {
    inside: { anyOf: [first, second] },
    read(value, name) {
      try {
        return first.read(value, name)
      } catch (error) {
        // A hash can only be meant for the first, which then says what is wrong inside.
        if (first.inside !== undefined && typeof value === 'object') throw error
        return second.read(value, name)
      }
    },
  }
}

/** A parameter of Stripe that is not emulated: rejected with a message that says so. */
export const unsupported: Param<never> = {
  without: { gap: true },
  read(_value, name) {
    throw notEmulated(`the parameter '${name}'`, name)
  },
}

/** A parameter of Connect, which is not emulated: rejected with a message that says so. */
export const connectOnly: Param<never> = {
  without: { gap: true },
  read(_value, name) {
    throw notEmulated(`Connect (the parameter '${name}')`, name)
  },
}

/** One of a set of words, of which some are not emulated: those are rejected with a message that says so. */
export function oneOfWorking<const Word extends string>(words: {
  working: readonly Word[]
  gaps: readonly string[]
}): Param<Word> {
  const any = oneOf<string>(...words.working, ...words.gaps)
  return {
    read(value, name) {
      const given = any.read(value, name)
      const word = words.working.find((candidate) => candidate === given)
      if (word !== undefined) return word
      throw notEmulated(`'${given}' for the parameter '${name}'`, name)
    },
  }
}

/** Several parameters of Connect, by name. */
export function connectParams<const Name extends string>(
  ...names: Name[]
): Record<Name, Param<never>> {
  // Every name is given its value here.
  return Object.fromEntries(names.map((name) => [name, connectOnly])) as Record<Name, Param<never>>
}

/** Several unsupported parameters, by name. */
export function unsupportedParams<const Name extends string>(
  ...names: Name[]
): Record<Name, Param<never>> {
  // Every name is given its value here.
  return Object.fromEntries(names.map((name) => [name, unsupported])) as Record<Name, Param<never>>
}

/** A parameter that changes nothing but how things look or who is told: accepted. `reason` says why that is so. */
export function cosmetic(param: Param<unknown>, reason: string): Param<unknown> {
  return {
    without: { cosmetic: reason },
    read(value, name) {
      param.read(value, name)
    },
  }
}

/** Anything; for control endpoints. */
export const anything: Param<unknown> = { read: (value) => value }
