import type { Context } from '../../../core/context.ts'
import type { Meter } from '../../../documents.ts'
import { activeMeter, meterNamed } from '../meter.ts'

/** A use as a request reports it. */
export interface ReportedUse {
  eventName: string
  payload: Record<string, string>
  identifier: string
  /** Its time in seconds; null: now. */
  at: number | null
}

/** Why a use is not accepted. The codes are those of Stripe's error reports and of its v2 API. */
export interface Refusal {
  report: ReportCode
  /** The code of the error where a request to the v2 API is refused (docs: "Create a meter event"). */
  code?: string
  message: string
  param: string
}

/** Why a use is not counted (types of the `stripe` package: the error reports of meters). */
export type ReportCode =
  | 'archived_meter'
  | 'meter_event_customer_not_found'
  | 'meter_event_invalid_value'
  | 'meter_event_no_customer_defined'
  | 'meter_event_value_too_many_digits'
  | 'no_meter'
  | 'timestamp_in_future'
  | 'timestamp_too_far_in_past'

/** A use that can be counted. */
export interface CheckedUse {
  meter: Meter
  customer: string
  value: number
  at: number
  identifier: string
}

const DAY = 86_400
const OLDEST_SECONDS = 35 * DAY
const AHEAD_SECONDS = 5 * 60
const MAX_DIGITS = 15

/**
 * Checks a use: its meter, its customer and value, and its time by the clock of its customer (docs/stripe.md, fact
 * 14). Whether the customer exists is not checked: Stripe finds that out when it processes the event.
 */
export function checkUse(ctx: Context, use: ReportedUse): CheckedUse | { refusal: Refusal } {
  const meter = activeMeter(ctx, use.eventName)
  if (meter === undefined) return { refusal: noMeter(ctx, use.eventName) }
  const customer = use.payload[meter.customer_mapping.event_payload_key] ?? ''
  if (customer === '') return { refusal: noCustomer(meter) }
  const value = valueIn(meter, use.payload)
  if (typeof value !== 'number') return { refusal: value }
  const now = ctx.timeOf(ctx.store.get('customers', customer)?.test_clock)
  const at = use.at ?? now
  const refusal = untimely(at, now)
  if (refusal !== null) return { refusal }
  return { meter, customer, value, at, identifier: use.identifier }
}

function noMeter(ctx: Context, eventName: string): Refusal {
  const isInactive = meterNamed(ctx, eventName) !== undefined
  return {
    report: isInactive ? 'archived_meter' : 'no_meter',
    code: isInactive ? 'archived_meter' : 'no_meter',
    message: `No active meter found for event name "${eventName}".`,
    param: 'event_name',
  }
}

function noCustomer(meter: Meter): Refusal {
  const key = meter.customer_mapping.event_payload_key
  return {
    report: 'meter_event_no_customer_defined',
    code: 'payload_no_customer_defined',
    message: `Customer mapping key ${key} not found in payload.`,
    param: 'payload',
  }
}

/** The value of a use: a whole number, which may be negative. Where a meter counts events it needs none. */
function valueIn(meter: Meter, payload: Record<string, string>): number | Refusal {
  const key = meter.value_settings.event_payload_key
  const given = payload[key]
  if (given === undefined || given === '') {
    if (meter.default_aggregation.formula === 'count') return 1
    return {
      report: 'meter_event_invalid_value',
      code: 'payload_no_value_defined',
      message: `Value key ${key} not found in payload.`,
      param: 'payload',
    }
  }
  const [, digits] = /^-?(\d+)$/.exec(given) ?? []
  if (digits === undefined) {
    return {
      report: 'meter_event_invalid_value',
      code: 'payload_invalid_value',
      message: `The value in the event payload must be a whole number. Received ${given}.`,
      param: `payload[${key}]`,
    }
  }
  if (digits.replace(/^0+/, '').length > MAX_DIGITS) {
    return {
      report: 'meter_event_value_too_many_digits',
      code: 'payload_invalid_value',
      message: `The value in the event payload can have at most ${MAX_DIGITS} digits. Received ${given}.`,
      param: `payload[${key}]`,
    }
  }
  return Number(given)
}

function untimely(at: number, now: number): Refusal | null {
  if (at < now - OLDEST_SECONDS) {
    return {
      report: 'timestamp_too_far_in_past',
      message: 'The timestamp must be within the past 35 calendar days.',
      param: 'timestamp',
    }
  }
  if (at <= now + AHEAD_SECONDS) return null
  return {
    report: 'timestamp_in_future',
    message: 'The timestamp must not be more than 5 minutes in the future.',
    param: 'timestamp',
  }
}
