import { isoTime } from '../../../core/clock.ts'
import type { Context } from '../../../core/context.ts'
import { longId } from '../../../core/ids.ts'
import type { Meter, ThinEvent } from '../../../documents.ts'
import type { ReportCode } from './check-event.ts'

/** A use that was accepted and cannot be counted. */
export interface FailedUse {
  /** Null: there is no meter with its event name. */
  meter: Meter | null
  code: ReportCode
  message: string
  identifier: string
}

/** The reports of Stripe summarize windows of so many seconds, and show some of the errors. */
const WINDOW_SECONDS = 10
const MOST_SAMPLES = 5

/**
 * Reports uses that cannot be counted: one thin event for each meter, and one for those without a meter (types of the
 * `stripe` package: `v1.billing.meter.error_report_triggered`, `v1.billing.meter.no_meter_found`).
 */
export function reportErrors(ctx: Context, failed: readonly FailedUse[]): void {
  for (const meter of new Set(failed.map((use) => use.meter?.id ?? null))) {
    const own = failed.filter((use) => (use.meter?.id ?? null) === meter)
    ctx.emitThin(reportOf(ctx, meter, own))
  }
}

function reportOf(ctx: Context, meter: string | null, failed: readonly FailedUse[]): ThinEvent {
  const codes = [...new Set(failed.map(({ code }) => code))]
  const start = Math.floor(ctx.now / WINDOW_SECONDS) * WINDOW_SECONDS
  const events = failed.length === 1 ? 'is 1 invalid event' : `are ${failed.length} invalid events`
  return {
    id: longId('evt_test'),
    object: 'v2.core.event',
    created: isoTime(ctx.now),
    data: {
      developer_message_summary: `There ${events}`,
      reason: {
        error_count: failed.length,
        error_types: codes.map((code) => errorType(failed, code)),
      },
      validation_end: isoTime(start + WINDOW_SECONDS),
      validation_start: isoTime(start),
    },
    livemode: false,
    ...(meter === null
      ? { type: 'v1.billing.meter.no_meter_found' }
      : {
          related_object: {
            id: meter,
            type: 'billing.meter',
            url: `/v1/billing/meters/${meter}`,
          },
          type: 'v1.billing.meter.error_report_triggered',
        }),
  }
}

function errorType(failed: readonly FailedUse[], code: ReportCode) {
  const own = failed.filter((use) => use.code === code)
  return {
    code,
    error_count: own.length,
    sample_errors: own.slice(0, MOST_SAMPLES).map(({ message, identifier }) => ({
      error_message: message,
      request: { identifier },
    })),
  }
}
