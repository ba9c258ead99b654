import { invalidRequest, notEmulated, StripeError } from '../../../core/errors.ts'
import type { PreviewParams } from './preview-params.ts'

/** Throws 400 for parameters of a preview that exclude or need each other. */
export function requireFitting(params: PreviewParams): void {
  const { schedule, schedule_details: ofSchedule, subscription } = params
  const details = params.subscription_details
  requireSubject(params)
  const isSchedule = schedule !== undefined || ofSchedule !== undefined
  for (const name of ['subscription', 'subscription_details'] as const) {
    if (!isSchedule || params[name] === undefined) continue
    const other = schedule === undefined ? 'schedule_details' : 'schedule'
    throw invalidRequest(`You may only specify one of these parameters: ${other}, ${name}.`, {
      param: other,
    })
  }
  if (ofSchedule !== undefined && schedule === undefined) requireNewSchedule(params)
  if (details !== undefined && subscription === undefined && details.items === undefined) {
    throw invalidRequest(
      'When previewing changes to a subscription, you must specify either `subscription` or `subscription_details.items`',
    )
  }
  requireTaxedCustomer(params)
}

/** Automatic tax needs somebody who is taxed (JSDoc of `automatic_tax`). */
function requireTaxedCustomer(params: PreviewParams): void {
  const { automatic_tax: tax, customer, customer_details, schedule, subscription } = params
  const owners = [customer, customer_details, schedule, subscription]
  if (tax?.enabled !== true || owners.some((one) => one !== undefined)) return
  throw invalidRequest(
    'If `automatic_tax` is enabled then one of `customer`, `customer_details`, `subscription`, or `schedule` must be set.',
    { param: 'automatic_tax' },
  )
}

/** There is something to preview: a customer alone is not enough (changelog of 2025-03-31; text noted in public). */
function requireSubject(params: PreviewParams): void {
  const subjects = [
    params.subscription,
    params.schedule,
    params.subscription_details?.items,
    params.schedule_details?.phases,
    params.invoice_items,
  ]
  if (subjects.some((one) => one !== undefined)) return
  throw invalidRequest(
    'You must provide at least one of: `subscription`, `schedule`, `subscription_details.items`, `schedule_details.phases`, `invoice_items`.',
  )
}

function requireNewSchedule({ schedule_details: details }: PreviewParams): void {
  if (details?.phases === undefined) {
    throw invalidRequest('Missing required param: schedule_details[phases].', {
      code: 'parameter_missing',
      param: 'schedule_details[phases]',
    })
  }
  if (details.proration_behavior === undefined) return
  const param = 'schedule_details[proration_behavior]'
  throw notEmulated(`the parameter '${param}' for a new schedule`, param)
}

/** Names the parameter of a refusal as the preview has it: inside one of its objects. */
export function within<T>(name: 'schedule_details' | 'subscription_details', work: () => T): T {
  try {
    return work()
  } catch (error) {
    const param = error instanceof StripeError ? error.fields.param : undefined
    if (!(error instanceof StripeError) || param === undefined || param === 'id') throw error
    const [first = '', ...rest] = param.split('[')
    const inner = [`${first}]`, ...rest].join('[')
    throw new StripeError(error.status, { ...error.fields, param: `${name}[${inner}` })
  }
}
