import { invalidRequest } from '../../core/errors.ts'
import type { Param } from './param.ts'
import { required, timestamp } from './param.ts'
import { shape } from './shape.ts'

const bounds = shape({ start: required(timestamp), end: required(timestamp) })

/** The period of a line: its end may not be before its start (JSDoc of the type; the message is assumed). */
export const periodParam: Param<{ start: number; end: number }> = {
  ...bounds,
  read(value, name) {
    const period = bounds.read(value, name)
    if (period.end >= period.start) return period
    throw invalidRequest('The end of a period must be greater than or equal to its start.', {
      param: `${name}[end]`,
    })
  },
}
