import { invalidRequest, noSuch } from '../core/errors.ts'
import type { List } from '../documents.ts'
import type { Pagination } from './params/list-params.ts'

const DEFAULT_LIMIT = 10

/**
 * One page of a list, newest first. `starting_after` continues with older objects, `ending_before` with newer ones.
 * No more of the list is read than the page needs. Throws 400 for an unknown id.
 */
export function listPage<T extends { id: string }>(
  docs: Iterable<T>,
  paging: Pagination,
  url: string,
): List<T> {
  const { limit = DEFAULT_LIMIT, starting_after: after, ending_before: before } = paging
  if (after !== undefined && before !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: starting_after, ending_before.',
      {
        code: 'parameters_exclusive',
      },
    )
  }
  const { data, hasMore } =
    before === undefined ? pageAfter(docs, after, limit) : pageBefore(docs, before, limit)
  return { object: 'list', data, has_more: hasMore, url }
}

interface Page<T> {
  data: T[]
  hasMore: boolean
}

function pageAfter<T extends { id: string }>(
  docs: Iterable<T>,
  after: string | undefined,
  limit: number,
): Page<T> {
  const data: T[] = []
  let begun = after === undefined
  for (const doc of docs) {
    if (!begun) begun = doc.id === after
    else if (data.length === limit) return { data, hasMore: true }
    else data.push(doc)
  }
  if (!begun) throw noSuch('object', after ?? '', 'starting_after')
  return { data, hasMore: false }
}

function pageBefore<T extends { id: string }>(
  docs: Iterable<T>,
  before: string,
  limit: number,
): Page<T> {
  const data: T[] = []
  let count = 0
  for (const doc of docs) {
    if (doc.id === before) return { data, hasMore: count > limit }
    data.push(doc)
    count += 1
    if (data.length > limit) data.shift()
  }
  throw noSuch('object', before, 'ending_before')
}
