import { invalidRequest, noSuch } from '../core/errors.ts'
import type { List } from '../documents.ts'
import type { Pagination } from './params/list-params.ts'

const DEFAULT_LIMIT = 10

/**
 * One page of a list that is given in full, newest first. `starting_after` continues with older objects,
 * `ending_before` with newer ones. Throws 400 for an unknown id.
 */
export function listPage<T extends { id: string }>(
  docs: readonly T[],
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
  if (before !== undefined) {
    const end = position(docs, before, 'ending_before')
    const start = Math.max(0, end - limit)
    return { object: 'list', data: docs.slice(start, end), has_more: start > 0, url }
  }
  const start = after === undefined ? 0 : position(docs, after, 'starting_after') + 1
  const data = docs.slice(start, start + limit)
  return { object: 'list', data, has_more: start + limit < docs.length, url }
}

function position(docs: readonly { id: string }[], id: string, param: string): number {
  const index = docs.findIndex((doc) => doc.id === id)
  if (index === -1) throw noSuch('object', id, param)
  return index
}
