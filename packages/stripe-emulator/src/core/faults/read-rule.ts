import { invalidRequest } from '../errors.ts'
import type { DeliveryFault, RequestFault } from './fault.ts'
import type { FaultRule, Occurrence } from './rule.ts'

const MAX_DELAY_MS = 60_000
const COMMON = ['id', 'times', 'probability', 'seed', 'kind']
const DEFAULT_SEED = 1

/** Reads the fields of a rule; every error names its field. */
class Fields {
  readonly #given: Record<string, unknown>

  constructor(given: unknown) {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw invalidRequest('A fault must be an object.')
    }
    this.#given = { ...given }
  }

  has(name: string): boolean {
    return this.#given[name] !== undefined
  }

  allowOnly(names: readonly string[]): void {
    const given = Object.keys(this.#given).filter((name) => this.has(name))
    const unknown = given.find((name) => !names.includes(name))
    if (unknown === undefined) return
    const list = names.join(', ')
    throw invalidRequest(`'${unknown}' does not belong to this fault, which takes ${list}.`, {
      param: unknown,
    })
  }

  refuse(name: string, expected: string): never {
    const shown = this.has(name) ? `, not ${JSON.stringify(this.#given[name])}` : ''
    throw invalidRequest(`'${name}' must be ${expected}${shown}.`, { param: name })
  }

  text(name: string, format: RegExp, expected: string): string {
    const value = this.#given[name]
    return typeof value === 'string' && format.test(value) ? value : this.refuse(name, expected)
  }

  oneOf<const Word extends string>(name: string, words: readonly Word[]): Word {
    const word = words.find((candidate) => candidate === this.#given[name])
    return word ?? this.refuse(name, `one of ${words.join(', ')}`)
  }

  integer(name: string, bounds: { min: number; max: number }): number {
    const value = this.#given[name]
    const { min, max } = bounds
    const fits = typeof value === 'number' && Number.isInteger(value)
    return fits && value >= min && value <= max
      ? value
      : this.refuse(name, `a whole number from ${min} to ${max}`)
  }

  chance(name: string): number {
    const value = this.#given[name]
    return typeof value === 'number' && value > 0 && value <= 1
      ? value
      : this.refuse(name, 'a number above 0 and at most 1')
  }

  flag(name: string): boolean {
    const value = this.#given[name]
    return typeof value === 'boolean' ? value : this.refuse(name, 'true or false')
  }
}

/** Validates a fault from JSON or from code. Throws where it is wrong; the message names the field. */
export function readFaultRule(given: unknown): FaultRule {
  const fields = new Fields(given)
  if (fields.has('request') === fields.has('webhook')) {
    throw invalidRequest(
      "A fault has either 'request' (such as 'POST /v1/customers') or 'webhook' (such as 'invoice.*').",
      { param: 'request' },
    )
  }
  if (fields.has('request')) {
    const format = /^((GET|POST|DELETE) )?(\*|\/\S*)$/
    const request = fields.text('request', format, "a path such as 'POST /v1/customers' or '*'")
    return { ...readRequestFault(fields), ...readOccurrence(fields), request }
  }
  const format = /^[\w.]*\*?$/
  const webhook = fields.text('webhook', format, "a type of event such as 'invoice.*' or '*'")
  return { ...readDeliveryFault(fields), ...readOccurrence(fields), webhook }
}

function readRequestFault(fields: Fields): RequestFault {
  const kind = fields.oneOf('kind', ['answer', 'cut', 'delay'])
  switch (kind) {
    case 'answer': {
      fields.allowOnly(['request', 'error', 'remembered', ...COMMON])
      const error = fields.oneOf('error', ['rate_limit', 'lock_timeout', 'server_error'])
      return fields.has('remembered')
        ? { kind, error, remembered: fields.flag('remembered') }
        : { kind, error }
    }
    case 'cut':
      fields.allowOnly(['request', 'when', ...COMMON])
      return { kind, when: fields.oneOf('when', ['before', 'after']) }
    case 'delay':
      fields.allowOnly(['request', 'delayMs', ...COMMON])
      return { kind, delayMs: delayOf(fields) }
  }
}

function delayOf(fields: Fields): number {
  return fields.integer('delayMs', { min: 1, max: MAX_DELAY_MS })
}

function readOccurrence(fields: Fields): Occurrence {
  const occurrence: Occurrence = {}
  if (fields.has('id')) {
    occurrence.id = fields.text('id', /^[\w-]{1,40}$/, '1 to 40 letters, digits, - or _')
  }
  if (fields.has('times')) occurrence.times = fields.integer('times', { min: 1, max: 1_000_000 })
  if (fields.has('seed')) {
    occurrence.seed = fields.integer('seed', { min: 0, max: 2 ** 32 - 1 })
    if (!fields.has('probability')) fields.refuse('probability', 'given where there is a seed')
  }
  if (fields.has('probability')) {
    occurrence.probability = fields.chance('probability')
    occurrence.seed ??= DEFAULT_SEED
  }
  return occurrence
}

function readDeliveryFault(fields: Fields): DeliveryFault {
  const kind = fields.oneOf('kind', ['drop', 'duplicate', 'reorder', 'delay'])
  if (kind !== 'delay') {
    fields.allowOnly(['webhook', ...COMMON])
    return { kind }
  }
  fields.allowOnly(['webhook', 'delayMs', ...COMMON])
  return { kind, delayMs: delayOf(fields) }
}
