import { invalidRequest, noSuch } from '../core/errors.ts'
import type { List } from '../documents.ts'
import type { Pagination } from './params/list-params.ts'

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 100

/**
 * One page of a list that is given in full, newest first. `starting_after` continues with older objects,
 * `ending_before` with newer ones. A `limit` outside 1 to 100 becomes the nearest of both, as on Stripe. Throws 400
 * for an unknown id, and for both cursors.
 */
export function listPage<T extends { id: string }>(
  docs: readonly T[],
  paging: Pagination,
  url: string,
): List<T> {
  const limit = Math.min(MAX_LIMIT, Math.max(1, paging.limit ?? DEFAULT_LIMIT))
  const { starting_after: after, ending_before: before } = paging
  const cursor = (id: string, param: string) => position(docs, { id, param, url })
  const afterAt = after === undefined ? null : cursor(after, 'starting_after')
  const beforeAt = before === undefined ? null : cursor(before, 'ending_before')
  if (afterAt !== null && beforeAt !== null) {
    throw invalidRequest(
      'Received both starting_after and ending_before parameters. Please pass in only one.',
    )
  }
  if (beforeAt !== null) {
    const start = Math.max(0, beforeAt - limit)
    return { object: 'list', data: docs.slice(start, beforeAt), has_more: start > 0, url }
  }
  const start = afterAt === null ? 0 : afterAt + 1
  const data = docs.slice(start, start + limit)
  return { object: 'list', data, has_more: start + limit < docs.length, url }
}

function position(
  docs: readonly { id: string }[],
  cursor: { id: string; param: string; url: string },
): number {
  const index = docs.findIndex((doc) => doc.id === cursor.id)
  if (index === -1) throw noSuch(nounOf(cursor.url), cursor.id, cursor.param)
  return index
}

/** How Stripe's errors name the objects of a list, where it is not the singular of its path. */
const NOUNS: Readonly<Record<string, string>> = {
  balance_transactions: 'balance transaction',
  payment_methods: 'PaymentMethod',
  promotion_codes: 'promotion code',
  setup_intents: 'setupintent',
  tax_rates: 'tax rate',
  test_clocks: 'billingclock',
  webhook_endpoints: 'webhook endpoint',
}

function nounOf(url: string): string {
  const last = url.split('/').at(-1) ?? ''
  return NOUNS[last] ?? last.replace(/s$/, '')
}
