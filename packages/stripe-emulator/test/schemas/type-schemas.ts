import ts from 'typescript'
import type { Schema } from './schema.ts'

/**
 * How a type is converted. `json`: for a response. `form`: for a request, where every value is a string.
 * `changes`: for `previous_attributes`, where any field at any depth may be omitted.
 */
export type Mode = 'json' | 'form' | 'changes'

/** Turns types into schemas. An object type becomes a definition, named after its declaration. */
export class TypeSchemas {
  readonly definitions: Record<string, Schema> = {}
  readonly #checker: ts.TypeChecker
  readonly #names = new Map<string, string>()
  readonly #ids = new Map<ts.Type, number>()

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker
  }

  of(type: ts.Type, mode: Mode): Schema {
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {}
    if (type.isUnion()) return this.#union(type.types, mode)
    return this.#plain(type, mode) ?? this.#object(type, mode)
  }

  #plain(type: ts.Type, mode: Mode): Schema | undefined {
    const inForm = mode === 'form'
    if (type.isStringLiteral() || type.isNumberLiteral()) {
      return { enum: [inForm ? String(type.value) : type.value] }
    }
    if (type.flags & ts.TypeFlags.BooleanLiteral) {
      const value = this.#checker.typeToString(type) === 'true'
      return { enum: [inForm ? String(value) : value] }
    }
    if (type.flags & ts.TypeFlags.Null) return inForm ? { enum: [''] } : { type: 'null' }
    if (type.flags & ts.TypeFlags.Number) {
      return inForm ? { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' } : { type: 'number' }
    }
    if (type.flags & ts.TypeFlags.String || isOpenEnum(type) || nameOf(type) === 'Decimal') {
      return { type: 'string' }
    }
    return undefined
  }

  #union(members: readonly ts.Type[], mode: Mode): Schema {
    const defined = members.filter((member) => !(member.flags & ts.TypeFlags.Undefined))
    const isEnum = defined.some((member) => member.isStringLiteral() && member.value !== '')
    // `OtherString` keeps enums open for future values; today only the listed ones are sent.
    const closed = isEnum ? defined.filter((member) => !isOpenEnum(member)) : defined
    const schemas = closed.map((member) => this.of(member, mode))
    const values = [...new Set(schemas.flatMap((schema) => schema.enum ?? []))]
    const others = schemas.filter((schema) => schema.enum === undefined)
    const all = values.length === 0 ? others : [{ enum: values }, ...others]
    const [only] = all
    return all.length === 1 && only !== undefined ? only : { anyOfThese: all }
  }

  #object(type: ts.Type, mode: Mode): Schema {
    if (this.#checker.isArrayType(type)) {
      const [item] = this.#checker.getTypeArguments(type as ts.TypeReference)
      return { type: 'array', items: item === undefined ? {} : this.of(item, mode) }
    }
    const id = this.#ids.get(type) ?? this.#ids.size
    this.#ids.set(type, id)
    const key = `${id}/${mode}`
    const known = this.#names.get(key)
    if (known !== undefined) return { is: known }
    const name = this.#freeName(`${nameOf(type)}${mode === 'json' ? '' : ` (${mode})`}`)
    this.#names.set(key, name)
    this.definitions[name] = {}
    this.definitions[name] = this.#fields(type, mode)
    return { is: name }
  }

  #fields(type: ts.Type, mode: Mode): Schema {
    const properties: Record<string, Schema> = {}
    const required: string[] = []
    for (const property of this.#checker.getPropertiesOfType(type)) {
      const { name } = property
      const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0
      const inner = name === 'previous_attributes' ? 'changes' : mode
      const field = this.of(this.#checker.getTypeOfSymbol(property), inner)
      properties[name] = isOptional && mode === 'changes' ? orNull(field) : field
      if (!isOptional && mode !== 'changes') required.push(name)
    }
    const index = this.#checker.getIndexTypeOfType(type, ts.IndexKind.String)
    const others = index === undefined ? false : this.of(index, mode)
    const additionalProperties = mode === 'changes' && others !== false ? orNull(others) : others
    return { type: 'object', properties, required, additionalProperties }
  }

  #freeName(wanted: string): string {
    let name = wanted
    for (let count = 2; name in this.definitions; count += 1) name = `${wanted} ${count}`
    return name
  }
}

/** The old value of a new field is null. */
function orNull(schema: Schema): Schema {
  return { anyOfThese: [schema, { type: 'null' }] }
}

/** `string & Record<never, never>`, which the package calls `OtherString`. */
function isOpenEnum(type: ts.Type): boolean {
  return (
    type.isIntersection() && type.types.some((part) => (part.flags & ts.TypeFlags.String) !== 0)
  )
}

function nameOf(type: ts.Type): string {
  const [of] = type.aliasTypeArguments ?? []
  if (type.aliasSymbol?.name === 'Partial' && of !== undefined) return nameOf(of)
  const names: string[] = []
  const symbol = type.aliasSymbol ?? type.symbol
  for (let declaration: ts.Node | undefined = symbol?.declarations?.[0]; declaration; ) {
    const named = declaration as { name?: ts.Node }
    if (named.name !== undefined) names.unshift(named.name.getText())
    declaration = declaration.parent
  }
  return names.join('.') || 'object'
}
