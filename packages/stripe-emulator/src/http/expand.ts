import type { Context } from '../core/context.ts'
import { invalidRequest } from '../core/errors.ts'

/** Returns the expanded value of a field; undefined leaves the field as it is. */
export type Expander = (ctx: Context, value: unknown, owner: Record<string, unknown>) => unknown

/** The expandable fields of each object: by its name (`invoice`), then by dotted path. */
export type Expansions = Readonly<Record<string, Readonly<Record<string, Expander>>>>

const MAX_LEVELS = 4

type Node = Record<string, unknown>

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
    let result: unknown = body
    for (const path of paths) {
      const segments = path.split('.')
      if (segments.filter((segment) => segment !== 'data').length > MAX_LEVELS) {
        throw invalidRequest(
          `You cannot expand more than ${MAX_LEVELS} levels of a property (${path}).`,
          {
            param: 'expand',
          },
        )
      }
      result = this.#visit(result, segments, path)
    }
    return result
  }

  #visit(value: unknown, segments: readonly string[], path: string): unknown {
    if (segments.length === 0 || value === null) return value
    if (Array.isArray(value)) return value.map((item) => this.#visit(item, segments, path))
    if (!isNode(value)) return cannotExpand(path)
    const [head = ''] = segments
    const known = this.#expansions[String(value['object'])] ?? {}
    const key = Object.keys(known)
      .filter((candidate) => `${segments.join('.')}.`.startsWith(`${candidate}.`))
      .sort((a, b) => b.length - a.length)[0]
    if (key === undefined) {
      const isLeaf =
        segments.length === 1 && (value[head] === null || typeof value[head] !== 'object')
      if (!(head in value) || isLeaf) return cannotExpand(path)
      return { ...value, [head]: this.#visit(value[head], segments.slice(1), path) }
    }
    const fields = key.split('.')
    const rest = segments.slice(fields.length)
    return this.#replaceAt(value, fields, (current) => {
      const alreadyExpanded = isNode(current) || (Array.isArray(current) && current.every(isNode))
      const expanded = alreadyExpanded ? current : known[key]?.(this.#ctx, current, value)
      return this.#visit(expanded === undefined ? current : expanded, rest, path)
    })
  }

  #replaceAt(node: Node, fields: readonly string[], change: (value: unknown) => unknown): Node {
    const [field = '', ...rest] = fields
    const current = node[field]
    if (rest.length === 0) return { ...node, [field]: change(current) }
    const inside = (value: unknown) =>
      isNode(value) ? this.#replaceAt(value, rest, change) : value
    return { ...node, [field]: Array.isArray(current) ? current.map(inside) : inside(current) }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function cannotExpand(path: string): never {
  throw invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' })
}
