import type { Context } from '../core/context.ts'
import { invalidRequest } from '../core/errors.ts'

/** Returns the expanded value of a field; undefined leaves the field as it is. */
export type Expander = (ctx: Context, value: unknown, owner: Record<string, unknown>) => unknown

/** The expandable fields of each object: by its name (`invoice`), then by dotted path. */
export type Expansions = Readonly<Record<string, Readonly<Record<string, Expander>>>>

const MAX_LEVELS = 4

type Node = Record<string, unknown>

/** Where in a path the expansion is: the parts that were followed, and those that are left. */
interface Position {
  done: readonly string[]
  segments: readonly string[]
}

/** Expands the fields of a response that the request names, four levels deep at most. */
export class ResponseExpander {
  readonly #expansions: Expansions
  readonly #ctx: Context

  constructor(ctx: Context, expansions: Expansions) {
    this.#ctx = ctx
    this.#expansions = expansions
  }

  /** Returns `body` with each path expanded. Throws 400 for a path that cannot be expanded. */
  expand(body: object, paths: readonly string[]): unknown {
    const isList = 'data' in body && 'has_more' in body
    return paths.reduce<unknown>((result, path) => {
      const [first = '', ...rest] = path.split('.')
      const ownField = 'object' in body && first in (this.#expansions[String(body.object)] ?? {})
      if (isList && first !== 'data' && !ownField) {
        throw invalidRequest(
          `This property cannot be expanded (${first}). You may want to try expanding 'data.${first}' instead.`,
        )
      }
      return isList && first === 'data' && rest.length === 0
        ? result
        : this.#visit(result, { done: [], segments: [first, ...rest] })
    }, body)
  }

  #visit(value: unknown, at: Position): unknown {
    const { done, segments } = at
    if (segments.length === 0 || value === null) return value
    if (Array.isArray(value)) return value.map((item) => this.#visit(item, at))
    const [head = ''] = segments
    if (!isNode(value)) return cannotExpand([...done, head])
    const known = this.#expansions[String(value['object'])] ?? {}
    const key = Object.keys(known)
      .filter((candidate) => `${segments.join('.')}.`.startsWith(`${candidate}.`))
      .sort((a, b) => b.length - a.length)[0]
    if (key === undefined) {
      const isLeaf =
        segments.length === 1 && (value[head] === null || typeof value[head] !== 'object')
      if (!(head in value) || isLeaf) return cannotExpand([...done, head])
      return { ...value, [head]: this.#visit(value[head], after(at, 1)) }
    }
    const fields = key.split('.')
    return this.#replaceAt(this.#withField(value, fields[0] ?? '', known), fields, (current) => {
      const alreadyExpanded = isNode(current) || (Array.isArray(current) && current.every(isNode))
      const expanded = alreadyExpanded ? current : known[key]?.(this.#ctx, current, value)
      const shown = expanded === undefined ? current : expanded
      return this.#visit(shown, after(at, fields.length))
    })
  }

  /** Adds a field that is not in the object, as in older versions, before something in it is expanded. */
  #withField(node: Node, field: string, known: Readonly<Record<string, Expander>>): Node {
    const expander = known[field]
    if (field in node || expander === undefined) return node
    return { ...node, [field]: expander(this.#ctx, undefined, node) }
  }

  #replaceAt(node: Node, fields: readonly string[], change: (value: unknown) => unknown): Node {
    const [field = '', ...rest] = fields
    const current = node[field]
    if (rest.length === 0) return { ...node, [field]: change(current) }
    if (Array.isArray(current)) {
      const items = current.map((item) =>
        isNode(item) ? this.#replaceAt(item, rest, change) : item,
      )
      return { ...node, [field]: items }
    }
    return isNode(current) ? { ...node, [field]: this.#replaceAt(current, rest, change) } : node
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function cannotExpand(path: readonly string[]): never {
  throw invalidRequest(`This property cannot be expanded (${path.join('.')}).`)
}

function after({ done, segments }: Position, count: number): Position {
  return { done: [...done, ...segments.slice(0, count)], segments: segments.slice(count) }
}

/** The paths of the parameter `expand`. Throws 400 for one of more than four parts, `data` included (fact 36). */
export function expandPaths(value: unknown): string[] {
  if (value === undefined) return []
  const paths = Array.isArray(value) ? value : [value]
  return paths.map((path) => {
    if (typeof path !== 'string' || path === '') {
      throw invalidRequest('Invalid array', { param: 'expand' })
    }
    if (path.split('.').length <= MAX_LEVELS) return path
    throw invalidRequest(
      `You cannot expand more than ${MAX_LEVELS} levels of a property. Property: ${path}`,
      { code: 'property_expansion_max_depth' },
    )
  })
}
