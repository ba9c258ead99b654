import { createHash } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { Meter } from '../../documents.ts'
import { listPage } from '../../http/list.ts'
import { paginationFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { oneOf, required, text, timestamp } from '../../http/params/param.ts'
import { shape } from '../../http/params/shape.ts'
import { requireCustomer } from '../customers/customer.ts'
import { usageIn, usedWindows } from './usage.ts'

export const summaryParams = shape({
  ...paginationFields,
  customer: required(text),
  end_time: required(timestamp),
  start_time: required(timestamp),
  value_grouping_window: oneOf('day', 'hour'),
})

type Params = ValueOf<typeof summaryParams>

const SECONDS = { minute: 60, hour: 3600, day: 86_400 }

/**
 * The usage of a customer for the whole time, or for each hour or day in which there was some, newest first. Throws
 * 400 where the times are not aligned to minutes, hours or days.
 */
export function listSummaries(ctx: Context, meter: Meter, params: Params): object {
  const customer = requireCustomer(ctx, params.customer, 'customer').id
  const { start_time: start, end_time: end, value_grouping_window: window } = params
  requireAligned('start_time', start, window ?? 'minute')
  requireAligned('end_time', end, window ?? 'minute')
  if (end <= start) {
    throw invalidRequest('`end_time` must be after `start_time`.', { param: 'end_time' })
  }
  const step = window === undefined ? end - start : SECONDS[window]
  const starts =
    window === undefined
      ? [start]
      : usedWindows(ctx, meter, { customer, seconds: step }).filter((at) => at >= start && at < end)
  const windows = starts.map((at) => ({ id: idOf(meter.id, customer, [at, at + step]), at }))
  const page = listPage(windows, params, `/v1/billing/meters/${meter.id}/event_summaries`)
  return {
    ...page,
    data: page.data.map(({ id, at }) => ({
      id,
      object: 'billing.meter_event_summary',
      aggregated_value: usageIn(ctx, meter, { customer, start: at, end: at + step }),
      end_time: at + step,
      livemode: false,
      meter: meter.id,
      start_time: at,
    })),
  }
}

function requireAligned(param: string, time: number, to: keyof typeof SECONDS): void {
  if (time % SECONDS[to] === 0) return
  throw invalidRequest(`\`${param}\` must be aligned with ${to} boundaries, in UTC.`, { param })
}

/** The same summary has the same id in every list. */
function idOf(meter: string, customer: string, range: readonly number[]): string {
  const hash = createHash('sha256').update([meter, customer, ...range].join('/'))
  return `mtrusg_test_${hash.digest('hex').slice(0, 38)}`
}
