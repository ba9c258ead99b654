import fc from 'fast-check'
import { z } from 'zod'
import { cursors, ownKey, texts, usageIds, values } from './hostile.ts'

/** Values that exist, by the name of the field that takes them: ids of users, uses, keys, events, and pages' cursors. */
export type KnownValues = ReadonlyMap<string, readonly unknown[]>

/** The part of JSON Schema that zod writes for our inputs. */
interface JsonSchema {
  type?: string
  format?: string
  pattern?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  items?: JsonSchema
  minimum?: number
  maximum?: number
  minItems?: number
  minLength?: number
  maxLength?: number
}

/**
 * Inputs for a zod schema: some that it takes, some of those with a field or two changed, dropped or added, and some that
 * have nothing to do with it. Undefined where there is no input at all.
 */
export function inputsFor(schema: unknown, known: KnownValues): fc.Arbitrary<unknown> {
  if (!(schema instanceof z.ZodType)) return fc.oneof(fc.constant(undefined), values)
  const options = { io: 'input', unrepresentable: 'any', reused: 'inline' } as const
  const json: JsonSchema = Object(z.toJSONSchema(schema, options))
  const good = valid(json, known)
  return fc.oneof(
    { weight: 8, arbitrary: good },
    { weight: 10, arbitrary: good.chain((value) => mutated(value)) },
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: values },
  )
}

function valid(schema: JsonSchema, known: KnownValues, name = ''): fc.Arbitrary<unknown> {
  const there = known.get(name) ?? []
  if (there.length > 0) return fc.constantFrom(...there)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => valid(each, known)))
  switch (schema.type) {
    case 'object':
      return schema.properties ? validObject(schema, known) : metadata
    case 'array': {
      const item = valid(schema.items ?? {}, known)
      return fc.array(item, { minLength: schema.minItems ?? 0, maxLength: 4 })
    }
    case 'integer':
    case 'number':
      return validNumber(schema)
    case 'string':
      return validText(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return values
  }
}

function validObject(schema: JsonSchema, known: KnownValues): fc.Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {})
  const model = Object.fromEntries(fields.map(([name, each]) => [name, valid(each, known, name)]))
  const isRequired = (name: string) => schema.required?.includes(name) === true
  const requiredKeys = fields.map(([name]) => name).filter(isRequired)
  return fc.record(model, { requiredKeys })
}

/** Mostly small, so that quotas are not used up at once; sometimes the largest that the schema takes. */
function validNumber({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: JsonSchema) {
  const least = Math.max(minimum, -Number.MAX_SAFE_INTEGER)
  return fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: least, max: Math.min(maximum, least + 50) }) },
    { weight: 1, arbitrary: fc.maxSafeInteger().map((n) => clamp(n, least, maximum)) },
    { weight: 1, arbitrary: fc.constant(maximum) },
  )
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}

function validText({ format, pattern, minLength = 0, maxLength = 40 }: JsonSchema) {
  if (format === 'email') return fc.emailAddress()
  if (format === 'uri') return fc.constantFrom('http://app.tollgate.test/billing?done=1')
  if (format === 'date')
    return fc.constantFrom('2026-11-01', '2026-11-30', '0000-01-01', '9999-12-31')
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern))
  return fc.string({ minLength, maxLength: Math.min(maxLength, 40), unit: 'grapheme' })
}

const metadata = fc.dictionary(texts, values, { maxKeys: 3 })

/** Where any value would nearly always be refused at the first look. */
const hostileFor: ReadonlyMap<string, fc.Arbitrary<unknown>> = new Map([
  ['cursor', fc.oneof(cursors, values)],
  ['usageId', fc.oneof(usageIds, values)],
  ['reservationId', fc.oneof(usageIds, values)],
])

/** A value with something changed: one of its fields, all of it, or a field that nobody knows. */
export function mutated(value: unknown): fc.Arbitrary<unknown> {
  if (value === null || typeof value !== 'object') return values
  const keys = Object.keys(value)
  const set = fc
    .constantFrom(...(keys.length > 0 ? keys : ['x']))
    .chain((key) => (hostileFor.get(key) ?? values).map((next) => changed(value, key, next)))
  const added = fc
    .tuple(fc.oneof(texts, fc.constantFrom('role', 'id', 'userId')), values)
    .map(([key, next]) => changed(value, key, next))
  const dropped = fc
    .constantFrom(...(keys.length > 0 ? keys : ['x']))
    .map((key) => Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)))
  return fc.oneof(
    { weight: 8, arbitrary: set },
    { weight: 1, arbitrary: set.chain((next) => mutated(next)) },
    { weight: 1, arbitrary: added },
    { weight: 1, arbitrary: dropped },
    { weight: 1, arbitrary: fc.constant([value]) },
  )
}

function changed(value: object, key: string, next: unknown): unknown {
  if (!Array.isArray(value)) return { ...value, ...ownKey(key, next) }
  return value.map((each, i) => (String(i) === key ? next : each))
}
