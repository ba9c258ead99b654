import { either, integer, text, timestamp } from './param.ts'
import type { ShapeOf } from './shape.ts'
import { shape } from './shape.ts'

const range = shape({ gt: timestamp, gte: timestamp, lt: timestamp, lte: timestamp })

/** The parameters of every list. */
export const paginationFields = {
  limit: integer(),
  starting_after: text,
  ending_before: text,
}

/** An instant, or a range of instants. */
export const rangeParam = either(range, timestamp)

/** The parameters of most lists: pagination, and the time of creation. */
export const listFields = { ...paginationFields, created: rangeParam }

export type Pagination = ShapeOf<typeof paginationFields>
export type Range =
  | number
  | ShapeOf<{
      gt: typeof timestamp
      gte: typeof timestamp
      lt: typeof timestamp
      lte: typeof timestamp
    }>

/** Whether an instant lies in a range; always true without a range. */
export function inRange(instant: number, wanted: Range | undefined): boolean {
  if (wanted === undefined) return true
  if (typeof wanted === 'number') return instant === wanted
  return (
    instant > (wanted.gt ?? Number.NEGATIVE_INFINITY) &&
    instant >= (wanted.gte ?? Number.NEGATIVE_INFINITY) &&
    instant < (wanted.lt ?? Number.POSITIVE_INFINITY) &&
    instant <= (wanted.lte ?? Number.POSITIVE_INFINITY)
  )
}
