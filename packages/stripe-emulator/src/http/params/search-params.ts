import { invalidRequest } from '../../core/errors.ts'
import type { ValueOf } from './param.ts'
import { integer, required, text } from './param.ts'
import type { Clause, FieldType } from './search-query.ts'
import { checkClause, parseQuery, queryError, satisfies } from './search-query.ts'
import { shape } from './shape.ts'

/** The parameters of every search. */
export const searchParams = shape({
  query: required(text),
  limit: integer({ min: 1, max: 100 }),
  page: text,
})

/** A field that a search can ask for, and its value in a document. */
export interface SearchField<Doc> {
  type: FieldType
  of: (doc: Doc) => string | number | boolean | null | undefined
}

/** What can be searched: the resource as its URL names it, and its fields by name. `metadata` is always one. */
export interface Searchable<Doc> {
  resource: string
  fields: Readonly<Record<string, SearchField<Doc>>>
}

/** Where a page keeps the number of all matches, for `expand[]=total_count`; never part of the JSON. */
const TOTAL = Symbol('total count')

/** A page of a search. */
export interface SearchPage<Doc> {
  object: 'search_result'
  data: Doc[]
  has_more: boolean
  next_page: string | null
  url: string
  [TOTAL]: number
}

/**
 * One page of the documents that match a query, in the order in which they are given (newest first). It sees every
 * write at once; Stripe's search does not (docs/stripe.md, fact 12). Throws 400 for an invalid query or page.
 */
export function searchPage<Doc extends { metadata?: Record<string, string> | null }>(
  docs: Iterable<Doc>,
  params: ValueOf<typeof searchParams>,
  { resource, fields }: Searchable<Doc>,
): SearchPage<Doc> {
  const { clauses, joinedBy } = parseQuery(params.query)
  const tests = clauses.map((clause) => testOf(clause, { resource, fields }))
  const found = [...docs].filter((doc) =>
    joinedBy === 'OR' ? tests.some((test) => test(doc)) : tests.every((test) => test(doc)),
  )
  const start = startOf(params.page)
  const end = start + (params.limit ?? 10)
  return {
    object: 'search_result',
    data: found.slice(start, end),
    has_more: end < found.length,
    next_page: end < found.length ? pageToken(end) : null,
    url: `/v1/${resource}/search`,
    [TOTAL]: found.length,
  }
}

/** The number of all matches of a search result, for `expand[]=total_count`. */
export function totalCount(page: object): number | undefined {
  return TOTAL in page ? Number(page[TOTAL]) : undefined
}

function testOf<Doc extends { metadata?: Record<string, string> | null }>(
  clause: Clause,
  { resource, fields }: Searchable<Doc>,
): (doc: Doc) => boolean {
  const { key } = clause
  if (key !== null) {
    checkClause(clause, 'token')
    return (doc) => satisfies(doc.metadata?.[key] ?? null, clause)
  }
  const field = Object.hasOwn(fields, clause.field) ? fields[clause.field] : undefined
  if (field === undefined) {
    throw queryError(
      `Field \`${clause.field}\` is an unsupported search field for resource \`${resource}\`. See http://stripe.com/docs/search#query-fields-for-${resource.replaceAll('_', '-')} for a list of supported fields.`,
    )
  }
  checkClause(clause, field.type)
  return (doc) => satisfies(field.of(doc) ?? null, clause)
}

function pageToken(start: number): string {
  return Buffer.from(`page:${start}`).toString('base64url')
}

function startOf(page: string | undefined): number {
  if (page === undefined) return 0
  const [, start] = /^page:(\d+)$/.exec(Buffer.from(page, 'base64url').toString()) ?? []
  if (start === undefined) throw invalidRequest('Invalid page token.', { param: 'page' })
  return Number(start)
}
