import { invalidRequest } from '../../core/errors.ts'

/** What can be asked of a field: `token` exactly, `string` also by a part of it, `numeric` also by size. */
export type FieldType = 'numeric' | 'string' | 'token'

/** One clause of a query: `-email~"example"`. */
export interface Clause {
  negated: boolean
  field: string
  /** The key in `metadata['key']`; null for any other field. */
  key: string | null
  operator: Operator
  /** What is compared with; null: the field is empty. */
  value: string | null
}

export type Operator = ':' | '~' | '<' | '<=' | '>' | '>='

/** A query: clauses of which every one must match, or any. */
export interface Query {
  joinedBy: 'AND' | 'OR'
  clauses: Clause[]
}

/** How many clauses a query may have (docs.stripe.com/search). */
const MAX_CLAUSES = 10

const SHORTEST_SUBSTRING = 3

const CLAUSE =
  /(?<negated>-?)(?<field>[a-z_][\w.]*)(?:\[\s*(?:"(?<key1>(?:\\.|[^"\\])+)"|'(?<key2>(?:\\.|[^'\\])+)')\s*\])?\s*(?<operator>:|~|<=|>=|<|>|=)\s*(?:"(?<double>(?:\\.|[^"\\])*)"|'(?<single>(?:\\.|[^'\\])*)'|(?<bare>[^\s"']+))(?=\s|$)/iy

const CONNECTIVE = /\s+(?:(?<word>AND|OR)\s+)?/iy

/**
 * Parses a query of Stripe's search language (docs.stripe.com/search): clauses joined by spaces or `AND`, or by `OR`.
 * Throws 400 for what cannot be parsed, for `AND` and `OR` in one query, and for more than ten clauses.
 */
export function parseQuery(source: string): Query {
  const text = source.trim()
  const clauses: Clause[] = []
  const words = new Set<string>()
  for (let at = 0; at < text.length; ) {
    const clause = matchAt(CLAUSE, text, at)
    if (clause === null) throw unparsable()
    clauses.push(clauseOf(clause.groups ?? {}))
    at += clause[0].length
    const connective = matchAt(CONNECTIVE, text, at)
    if (connective === null) continue
    words.add((connective.groups?.['word'] ?? 'AND').toUpperCase())
    at += connective[0].length
    if (at >= text.length) throw unparsable()
  }
  if (clauses.length === 0) throw unparsable()
  if (words.size > 1) {
    throw queryError('AND and OR operators cannot be combined in the same search query.')
  }
  if (clauses.length > MAX_CLAUSES) {
    throw queryError(`A search query can have at most ${MAX_CLAUSES} clauses.`)
  }
  return { joinedBy: words.has('OR') ? 'OR' : 'AND', clauses }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function clauseOf(groups: Record<string, string | undefined>): Clause {
  const { negated, field = '', key1, key2, operator = ':', double, single, bare } = groups
  const key = key1 ?? key2
  const quoted = double ?? single
  if ((field === 'metadata') !== (key !== undefined)) throw unparsable()
  return {
    negated: negated === '-',
    field,
    key: key === undefined ? null : unescaped(key),
    operator: operatorOf(operator),
    value: quoted === undefined ? bareValue(bare ?? '') : unescaped(quoted),
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1')
}

/** A value without quotes: a number, or `null` for an empty field. */
function bareValue(text: string): string | null {
  if (/^null$/i.test(text)) return null
  if (/^-?\d+(\.\d+)?$/.test(text)) return text
  throw unparsable()
}

function operatorOf(text: string): Operator {
  switch (text) {
    case '~':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return text
    default:
      return ':'
  }
}

/** Throws 400 where a clause asks of a field what its type does not allow. */
export function checkClause(clause: Clause, type: FieldType): void {
  const { field, operator, value } = clause
  if (operator === '~') {
    if (type !== 'string') {
      throw queryError(`Field \`${field}\` does not support the substring operator \`~\`.`)
    }
    if (value === null || value.length < SHORTEST_SUBSTRING) {
      throw queryError(
        `The substring operator \`~\` needs at least ${SHORTEST_SUBSTRING} characters.`,
      )
    }
  } else if (operator !== ':' && type !== 'numeric') {
    throw queryError(`Field \`${field}\` does not support the numeric operator \`${operator}\`.`)
  } else if (operator !== ':' && value === null) {
    throw unparsable()
  }
  if (type === 'numeric' && value !== null && !/^-?\d+(\.\d+)?$/.test(value)) {
    throw queryError(`Field \`${field}\` is numeric, but \`${value}\` is not a number.`)
  }
}

/** Whether the value of a field satisfies a clause. Text is compared without regard to case. */
export function satisfies(actual: string | number | boolean | null, clause: Clause): boolean {
  return matches(actual, clause) !== clause.negated
}

function matches(actual: string | number | boolean | null, { operator, value }: Clause): boolean {
  if (value === null || actual === null) return actual === null && value === null
  switch (operator) {
    case '~':
      return String(actual).toLowerCase().includes(value.toLowerCase())
    case '<':
      return Number(actual) < Number(value)
    case '<=':
      return Number(actual) <= Number(value)
    case '>':
      return Number(actual) > Number(value)
    case '>=':
      return Number(actual) >= Number(value)
    default:
      return typeof actual === 'number'
        ? actual === Number(value)
        : String(actual).toLowerCase() === value.toLowerCase()
  }
}

/** 400 that names the parameter `query`. */
export function queryError(message: string) {
  return invalidRequest(message, { param: 'query' })
}

function unparsable() {
  return queryError(
    'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata or key:"value" to query for other fields.',
  )
}
