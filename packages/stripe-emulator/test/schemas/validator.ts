import type { ErrorObject, ValidateFunction } from 'ajv'
import { Ajv } from 'ajv'
import { rawFields } from './raw-fields.ts'
import type { Schema, Schemas } from './schema.ts'

/** A violation: its place in the value, and what was expected there. */
export interface Problem {
  path: string
  expected: string
  /** The missing field; null: another violation. */
  missing: string | null
}

interface Place {
  instancePath: string
}

type Check = { (...given: unknown[]): boolean; errors?: Partial<ErrorObject>[] }

function constantFields(schema: Schema): [string, Schema][] {
  return Object.entries(schema.properties ?? {}).filter(([, field]) => field.enum?.length === 1)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function describe(error: Partial<ErrorObject>, data: unknown): string {
  const { additionalProperty, allowedValues, missingProperty } = error.params ?? {}
  if (additionalProperty !== undefined) return `no field '${additionalProperty}'`
  if (missingProperty !== undefined) return `a field '${missingProperty}'`
  const expected =
    allowedValues === undefined ? (error.message ?? '') : `one of ${JSON.stringify(allowedValues)}`
  return `${expected}, not ${JSON.stringify(data)?.slice(0, 80)}`
}

/** The value at a path. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => Object(inner)[key], value)
}

/** Adds the raw fields to the definition of their type, also where its name has a number. */
function withRawFields(name: string, schema: Schema): Schema {
  const type = name.replace(/ \(changes\)/, '').replace(/ \d+$/, '')
  const extra = rawFields.filter((raw) => raw.type === type).map(({ field }) => [field, {}])
  if (extra.length === 0) return schema
  return { ...schema, properties: { ...schema.properties, ...Object.fromEntries(extra) } }
}

/** Validates values by derived schemas. A definition is compiled on first use. */
export class Validator {
  readonly #schemas: Schemas
  readonly #ajv = new Ajv({ strict: false, allErrors: true })
  readonly #compiled = new Map<string, ValidateFunction>()

  constructor(schemas: Schemas) {
    this.#schemas = schemas
    const is: Check = (name, data, _parent, place) =>
      this.#pass(is, { schema: { is: String(name) }, data, place: place as Place })
    const anyOfThese: Check = (members, data, _parent, place) =>
      this.#pass(anyOfThese, {
        schema: this.#bestFit(members as Schema[], data),
        data,
        place: place as Place,
      })
    this.#ajv.addKeyword({ keyword: 'is', validate: is, errors: true })
    this.#ajv.addKeyword({ keyword: 'anyOfThese', validate: anyOfThese, errors: true })
  }

  /** The violations of a value. */
  problems(schema: Schema, value: unknown): Problem[] {
    return this.#errors(schema, value).map((error) => {
      const path = (error.instancePath ?? '').split('/').slice(1)
      const missing = error.params?.['missingProperty'] ?? null
      return { path: path.join('.'), expected: describe(error, at(value, path)), missing }
    })
  }

  #pass(check: Check, about: { schema: Schema; data: unknown; place: Place }): boolean {
    const errors = this.#errors(about.schema, about.data)
    check.errors = errors.map((error) => ({
      ...error,
      instancePath: about.place.instancePath + (error.instancePath ?? ''),
    }))
    return errors.length === 0
  }

  #errors(schema: Schema, value: unknown): Partial<ErrorObject>[] {
    const validate = this.#compile(schema)
    if (validate(value)) return []
    return (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if')
  }

  #compile(schema: Schema): ValidateFunction {
    const key = schema.is ?? JSON.stringify(schema)
    const known = this.#compiled.get(key)
    if (known !== undefined) return known
    const compiled = this.#ajv.compile(this.#resolved(schema))
    this.#compiled.set(key, compiled)
    return compiled
  }

  #resolved(schema: Schema): Schema {
    if (schema.is === undefined) return schema
    const definition = this.#schemas.definitions[schema.is]
    if (definition === undefined) throw new Error(`no definition ${schema.is}`)
    return withRawFields(schema.is, definition)
  }

  /** The alternative that fits a value best: by its type, and by the most equal constant fields. */
  #bestFit(members: readonly Schema[], value: unknown): Schema {
    const kind = kindOf(value)
    const fitting = members
      .map((schema) => ({ schema, resolved: this.#resolved(schema) }))
      .filter(({ resolved }) => fitsKind(resolved, kind))
    if (kind !== 'object') {
      const holds = fitting.find(({ schema }) => this.#errors(schema, value).length === 0)
      return (holds ?? fitting[0])?.schema ?? none(members)
    }
    const fields = value as Record<string, unknown>
    const scored = fitting.map(({ schema, resolved }) => {
      const fixed = constantFields(resolved)
      const met = fixed.filter(([name, field]) => fields[name] === field.enum?.[0])
      return { schema, score: met.length - (fixed.length - met.length) }
    })
    scored.sort((a, b) => b.score - a.score)
    const best = scored.filter(({ score }) => score === scored[0]?.score)
    const holds = best.find(({ schema }) => this.#errors(schema, value).length === 0)
    return (holds ?? best[0])?.schema ?? none(members)
  }
}

function fitsKind(schema: Schema, kind: string): boolean {
  if (schema.enum !== undefined) return schema.enum.some((value) => typeof value === kind)
  return schema.type === undefined || schema.type === kind
}

function none(members: readonly Schema[]): Schema {
  const kinds = members.map((member) => member.type ?? member.is ?? 'one of a list').join(' | ')
  return { enum: [kinds] }
}
