import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { Customer } from '../../documents.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { integer, required, text } from '../../http/params/param.ts'
import { shape } from '../../http/params/shape.ts'

export const searchParams = shape({
  query: required(text),
  limit: integer({ min: 1, max: 100 }),
  page: text,
})

const CLAUSE =
  /^(-?)(?:metadata\[(["'])(?<key>.+?)\2\]|(?<field>email|name|phone|created))\s*(?<operator>:|~|<=|>=|<|>)\s*(?:(["'])(?<quoted>.*?)\6|(?<bare>\S+))$/

type Test = (customer: Customer) => boolean

/**
 * Searches by `email`, `name`, `phone`, `created` and `metadata['key']`, joined by AND or by OR. It sees every
 * write at once; Stripe's search does not (docs/stripe.md, fact 12).
 */
export function searchCustomers(ctx: Context, params: ValueOf<typeof searchParams>): object {
  const isOr = / OR /i.test(params.query)
  const tests = params.query.split(isOr ? / OR /i : / AND /i).map(clause)
  const fits: Test = (customer) =>
    isOr ? tests.some((test) => test(customer)) : tests.every((test) => test(customer))
  const found = ctx.store.newest('customers').filter(fits).toArray()
  const start = params.page === undefined ? 0 : Number(params.page)
  const end = start + (params.limit ?? 10)
  return {
    object: 'search_result',
    data: found.slice(start, end),
    has_more: end < found.length,
    next_page: end < found.length ? String(end) : null,
    url: '/v1/customers/search',
  }
}

function clause(source: string): Test {
  const match = CLAUSE.exec(source.trim())
  if (match?.groups === undefined) {
    throw invalidRequest(`We were unable to parse your search query: ${source}`, { param: 'query' })
  }
  const { key, field, operator, quoted, bare } = match.groups
  const negated = match[1] === '-'
  return (customer) =>
    compare(fieldValue(customer, field, key), operator, quoted ?? bare ?? '') !== negated
}

function compare(actual: string, operator: string | undefined, wanted: string): boolean {
  switch (operator) {
    case '~':
      return actual.toLowerCase().includes(wanted.toLowerCase())
    case '<':
      return Number(actual) < Number(wanted)
    case '<=':
      return Number(actual) <= Number(wanted)
    case '>':
      return Number(actual) > Number(wanted)
    case '>=':
      return Number(actual) >= Number(wanted)
    default:
      return actual.toLowerCase() === wanted.toLowerCase()
  }
}

function fieldValue(
  customer: Customer,
  field: string | undefined,
  key: string | undefined,
): string {
  if (key !== undefined) return customer.metadata[key] ?? ''
  if (field === 'created') return String(customer.created)
  if (field === 'email') return customer.email ?? ''
  return (field === 'name' ? customer.name : customer.phone) ?? ''
}
