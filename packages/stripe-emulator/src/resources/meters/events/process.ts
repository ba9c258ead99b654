import type { Context } from '../../../core/context.ts'
import type { Due } from '../../../core/store/table.ts'
import type { Meter, MeterEvent } from '../../../documents.ts'
import { addToUsage, recount } from '../usage.ts'
import type { FailedUse } from './error-report.ts'
import { reportErrors } from './error-report.ts'

/** When an event that waits is processed; a held one is released, not due. */
export function meterEventDue(event: MeterEvent): Due | null {
  return event.due ?? null
}

/** Processes an event whose delay is over. */
export function processDue(ctx: Context, id: string): void {
  const event = ctx.store.get('meter_events', id)
  if (event !== undefined) processEvents(ctx, [event])
}

/** Processes everything that waits, held or delayed. Returns how many events that were. */
export function releaseEvents(ctx: Context): number {
  const waiting = ctx.store.find('meter_events', { index: 'waiting', key: 'yes' })
  processEvents(ctx, waiting.reverse())
  return waiting.length
}

/** Counts events, or ends their counting, and sends one error report for those without a customer. */
export function processEvents(ctx: Context, events: readonly MeterEvent[]): void {
  const failed: FailedUse[] = []
  for (const event of events) {
    const meter = ctx.store.get('meters', event.meter)
    if (meter === undefined) throw new Error(`meter ${event.meter} is gone`)
    if (event.state === 'canceling') uncount(ctx, meter, event)
    else if (ctx.store.get('customers', event.customer) !== undefined) count(ctx, meter, event)
    else {
      settle(ctx, event, 'failed')
      failed.push({
        meter,
        code: 'meter_event_customer_not_found',
        message: `Customer ${event.customer} not found.`,
        identifier: event.id,
      })
    }
  }
  reportErrors(ctx, failed)
}

function count(ctx: Context, meter: Meter, event: MeterEvent): void {
  addToUsage(ctx, meter, settle(ctx, event, 'counted'))
}

function uncount(ctx: Context, meter: Meter, event: MeterEvent): void {
  recount(ctx, meter, settle(ctx, event, 'canceled'))
}

function settle(ctx: Context, event: MeterEvent, state: MeterEvent['state']): MeterEvent {
  const { due: _due, ...rest } = event
  return ctx.store.put('meter_events', { ...rest, state })
}
