import pg from 'pg'
import { nearestInstant } from '../../instant.ts'
import { nearestWholeNumber } from '../../whole-number.ts'

/**
 * How values are read. What is stored can always be shown: an instant or a whole number that is beyond what the contract has
 * for them is read as the nearest that it has. A sum may be such a number, and so may a row that an older version wrote.
 */
export const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    const parse = pg.types.getTypeParser(oid, format)
    switch (oid) {
      case pg.types.builtins.TIMESTAMPTZ:
        return (text: string) => nearestInstant(readable(parse(text), text))
      case pg.types.builtins.INT8:
      case pg.types.builtins.NUMERIC:
        return nearestWholeNumber
      default:
        return parse
    }
  },
}

/** pg makes null or an invalid date of an instant that it can't read: an expiry would then be none, or never past. */
function readable(value: unknown, text: string): Date | number {
  const isRead =
    typeof value === 'number' || (value instanceof Date && !Number.isNaN(value.getTime()))
  if (!isRead) throw new Error(`PostgreSQL sent an instant that can't be read: ${text}`)
  return value
}
