import { either, integer, text, timestamp } from './param.ts'
import type { ShapeOf } from './shape.ts'
import { shape } from './shape.ts'

const range = shape({ gt: timestamp, gte: timestamp, lt: timestamp, lte: timestamp })

/** What every list takes. */
export const paginationFields = {
  limit: integer({ min: 1, max: 100 }),
  starting_after: text,
  ending_before: text,
}

/** An instant, or bounds on one. */
export const rangeParam = either(range, timestamp)

/** What most lists take: paging, and when the objects were created. */
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

/** Tells whether an instant lies within a range; no range holds every instant. */
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
