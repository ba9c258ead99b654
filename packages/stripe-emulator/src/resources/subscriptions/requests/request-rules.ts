import { invalidRequest } from '../../../core/errors.ts'

const DAY = 86_400
const YEAR = 31_557_600
/** How long a trial may be (Stripe's documentation of trials). */
const MOST_TRIAL_DAYS = 730

/** An instant in the future. Throws 400. */
export function requireFuture(instant: number, now: number, param: string): void {
  if (instant <= now) {
    throw invalidRequest(
      `The parameter \`${param}\` expects a unix timestamp representing a date and time in the future. You specified the value \`${instant}\` which is in the past.`,
      { param },
    )
  }
  if (instant <= now + 5 * YEAR) return
  throw invalidRequest('Invalid timestamp: can be no more than five years in the future.', {
    param,
  })
}

/** The end of a trial: in the future, and at most two years after `from`. Throws 400. */
export function requireTrialEnd(
  end: number,
  { now, from, param = 'trial_end' }: { now: number; from: number; param?: string },
): void {
  requireFuture(end, now, param)
  if (end <= from + MOST_TRIAL_DAYS * DAY) return
  throw tooLongTrial(param)
}

/** The length of a trial in days. Throws 400. */
export function requireTrialDays(days: number): void {
  if (days > MOST_TRIAL_DAYS) throw tooLongTrial('trial_period_days')
}

function tooLongTrial(param: string) {
  return invalidRequest('The maximum number of trial period days is 730 (2 years).', { param })
}

/** The days until an invoice is due go with invoices that are sent, and only with them. Throws 400. */
export function requireDaysUntilDue(method: string, days: number | null | undefined): void {
  const has = days !== null && days !== undefined
  if (method === 'send_invoice' && !has) {
    throw invalidRequest(
      "If invoice collection method is 'send_invoice', you must specify 'days_until_due'.",
    )
  }
  if (method === 'send_invoice' || !has) return
  throw invalidRequest(
    "You can only specify 'days_until_due' if invoice collection method is 'send_invoice'.",
  )
}
