import { invalidRequest, noSuch } from '../core/errors.ts'
import type { List } from '../documents.ts'
import type { Pagination } from './params/list-params.ts'

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 100

/**
 * One page of a list, newest first. `starting_after` continues with older objects, `ending_before` with newer ones.
 * No more of the list is read than the page needs. A `limit` outside 1 to 100 becomes the nearest of both, as on
 * Stripe. Throws 400 for an unknown id, and for both cursors.
 */
export function listPage<T extends { id: string }>(
  docs: Iterable<T>,
  paging: Pagination,
  url: string,
): List<T> {
  const limit = Math.min(MAX_LIMIT, Math.max(1, paging.limit ?? DEFAULT_LIMIT))
  const { starting_after: after, ending_before: before } = paging
  const noun = nounOf(url)
  const { data, hasMore } =
    before === undefined
      ? pageAfter(docs, { after, limit, noun })
      : pageBefore(docs, { before, limit, noun })
  if (before !== undefined && after !== undefined) {
    // An unknown id is the first mistake that Stripe names.
    pageAfter(docs, { after, limit, noun })
    throw invalidRequest(
      'Received both starting_after and ending_before parameters. Please pass in only one.',
    )
  }
  return { object: 'list', data, has_more: hasMore, url }
}

interface Page<T> {
  data: T[]
  hasMore: boolean
}

function pageAfter<T extends { id: string }>(
  docs: Iterable<T>,
  { after, limit, noun }: { after: string | undefined; limit: number; noun: string },
): Page<T> {
  const data: T[] = []
  let begun = after === undefined
  for (const doc of docs) {
    if (!begun) begun = doc.id === after
    else if (data.length === limit) return { data, hasMore: true }
    else data.push(doc)
  }
  if (!begun) throw noSuch(noun, after ?? '', 'starting_after')
  return { data, hasMore: false }
}

function pageBefore<T extends { id: string }>(
  docs: Iterable<T>,
  { before, limit, noun }: { before: string; limit: number; noun: string },
): Page<T> {
  const data: T[] = []
  let count = 0
  for (const doc of docs) {
    if (doc.id === before) return { data, hasMore: count > limit }
    data.push(doc)
    count += 1
    if (data.length > limit) data.shift()
  }
  throw noSuch(noun, before, 'ending_before')
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
