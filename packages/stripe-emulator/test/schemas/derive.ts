import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import type { RouteSchema, Schema, Schemas } from './schema.ts'
import { TypeSchemas } from './type-schemas.ts'

interface Method {
  className: string
  name: string
  verb: string
  path: string
}

/** Of the v2 API only the meters: the others are not emulated. */
const METERS = join('V2', 'Billing')

const CLASS = /^export class (\w+) extends/
const METHOD = /^ {4}(\w+)\(.*\) \{$/
const REQUEST = /this\._makeRequest\('(\w+)', ['`](\/v[12]\/[^'`]*)['`]/

/** The routes that a resource of the package calls, read from its code. */
function methodsIn(code: string): Method[] {
  const methods: Method[] = []
  let [className, name] = ['', '']
  for (const line of code.split('\n')) {
    className = CLASS.exec(line)?.[1] ?? className
    name = METHOD.exec(line)?.[1] ?? name
    const [, verb, path] = REQUEST.exec(line) ?? []
    if (verb === undefined || path === undefined) continue
    methods.push({ className, name, verb, path: path.replace(/\$\{[^}]*\}/g, ':id') })
  }
  return methods
}

/** The declarations of a method of a class in a `.d.ts` file: several where it is overloaded. */
function declarationsOf(source: ts.SourceFile, method: Method): ts.MethodDeclaration[] {
  return source.statements
    .filter(ts.isClassDeclaration)
    .filter((declaration) => declaration.name?.text === method.className)
    .flatMap((declaration) => declaration.members.filter(ts.isMethodDeclaration))
    .filter((member) => member.name.getText() === method.name)
}

/** The `T` of `Promise<Response<T>>`, or the list of `ApiListPromise<T>`. */
function responseOf(node: ts.TypeNode | undefined): { list: boolean; item: ts.TypeNode } | null {
  if (node === undefined || !ts.isTypeReferenceNode(node)) return null
  const [argument] = node.typeArguments ?? []
  if (argument === undefined) return null
  const name = node.typeName.getText()
  if (name === 'ApiListPromise' || name === 'ApiSearchResultPromise') {
    return { list: true, item: argument }
  }
  return responseOf(argument) ?? { list: false, item: argument }
}

const LIST_FIELDS: Record<string, Schema> = {
  object: { enum: ['list', 'search_result'] },
  has_more: { type: 'boolean' },
  url: { type: 'string' },
}

function listOf(items: Schema): Schema {
  return {
    type: 'object',
    properties: { ...LIST_FIELDS, data: { type: 'array', items }, next_page: {}, total_count: {} },
    required: [...Object.keys(LIST_FIELDS), 'data'],
    additionalProperties: false,
  }
}

class Derivation {
  readonly #checker: ts.TypeChecker
  readonly #types: TypeSchemas

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker
    this.#types = new TypeSchemas(checker)
  }

  get definitions(): Record<string, Schema> {
    return this.#types.definitions
  }

  route(source: ts.SourceFile, method: Method): RouteSchema | null {
    const declarations = declarationsOf(source, method)
    const response = responseOf(declarations[0]?.type)
    if (response === null) return null
    const params = declarations
      .flatMap((declaration) => [...declaration.parameters])
      .filter((parameter) => parameter.name.getText() === 'params' && parameter.type)
      .flatMap(({ type }) => (type === undefined ? [] : this.#checker.getTypeFromTypeNode(type)))
    const item = this.#types.of(this.#checker.getTypeFromTypeNode(response.item), 'json')
    const [first] = params
    return {
      method: method.verb,
      path: method.path,
      params:
        first === undefined
          ? { type: 'object', additionalProperties: false }
          : this.#types.of(first, 'form'),
      response: response.list ? listOf(item) : item,
    }
  }

  /** The event interfaces of the package, by the type of event that each is for. */
  events(source: ts.SourceFile): Record<string, Schema> {
    const events: Record<string, Schema> = {}
    for (const statement of source.statements) {
      if (!ts.isInterfaceDeclaration(statement) || statement.heritageClauses === undefined) continue
      const type = this.#checker.getTypeAtLocation(statement)
      const name = this.#checker.getTypeOfSymbol(type.getProperty('type') ?? type.symbol)
      if (name.isStringLiteral()) events[name.value] = this.#types.of(type, 'json')
    }
    return events
  }
}

/** Derives the schemas of every route and event from the code and the types of `stripe` in `folder`. */
export function deriveSchemas(folder: string): Schemas {
  const files = readdirSync(join(folder, 'resources'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.d.ts') && (!file.startsWith('V2') || file.startsWith(METERS)))
    .map((file) => join(folder, 'resources', file))
  const program = ts.createProgram(files, {
    lib: ['lib.es2020.d.ts'],
    types: [],
    strict: true,
    skipLibCheck: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  })
  const derivation = new Derivation(program.getTypeChecker())
  const routes = new Map<string, RouteSchema>()
  let events: Record<string, Schema> = {}
  for (const file of files) {
    const source = program.getSourceFile(file)
    if (source === undefined) continue
    if (file.endsWith('/Events.d.ts')) events = { ...derivation.events(source), ...events }
    for (const method of methodsIn(readFileSync(file.replace(/\.d\.ts$/, '.js'), 'utf8'))) {
      const route = derivation.route(source, method)
      if (route !== null) routes.set(`${route.method} ${route.path}`, route)
    }
  }
  return { routes: [...routes.values()], events, definitions: derivation.definitions }
}
