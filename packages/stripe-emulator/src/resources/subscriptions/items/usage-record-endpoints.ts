import { notEmulated } from '../../../core/errors.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { anything } from '../../../http/params/param.ts'

const refused = () => {
  throw notEmulated('a usage record (use a meter: `/v1/billing/meter_events`)')
}

/** Usage records, which only versions before basil have: refused by name. */
export const usageRecordEndpoints = [
  endpoint('POST /v1/subscription_items/:id/usage_records', anything, refused),
  endpoint('GET /v1/subscription_items/:id/usage_record_summaries', anything, refused),
]
