import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch } from '../../core/errors.ts'
import { longId } from '../../core/ids.ts'
import type { Meter, Price } from '../../documents.ts'

/** A meter, also an inactive one. Throws 404, or 400 where `param` names it. */
export function requireMeter(ctx: Context, id: string, param?: string): Meter {
  const meter = ctx.store.get('meters', id)
  if (meter === undefined) throw noSuch('meter', id, param)
  return meter
}

/** The active meter of an event name; undefined: there is none. */
export function activeMeter(ctx: Context, eventName: string): Meter | undefined {
  return ctx.store.find('meters', { index: 'event_name', key: eventName })[0]
}

/** The newest meter of an event name, active ones first; undefined: there is none. */
export function meterNamed(ctx: Context, eventName: string): Meter | undefined {
  return (
    activeMeter(ctx, eventName) ??
    ctx.store.newest('meters').find((meter) => meter.event_name === eventName)
  )
}

/** The values of a new meter. */
export interface NewMeter {
  displayName: string
  eventName: string
  formula: Meter['default_aggregation']['formula']
  window: Meter['event_time_window']
  customerMapping: Meter['customer_mapping']
  valueKey: string
}

/** Creates a meter. Throws 400 where another active one has its event name. */
export function createMeter(ctx: Context, given: NewMeter): Meter {
  requireFreeName(ctx, given.eventName)
  const meter = ctx.store.put('meters', {
    id: longId('mtr_test'),
    object: 'billing.meter',
    created: ctx.now,
    customer_mapping: given.customerMapping,
    default_aggregation: { formula: given.formula },
    display_name: given.displayName,
    event_name: given.eventName,
    event_time_window: given.window,
    livemode: false,
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: ctx.now,
    value_settings: { event_payload_key: given.valueKey },
  })
  ctx.emit('billing.meter.created', meter)
  return meter
}

function requireFreeName(ctx: Context, eventName: string): void {
  const holder = activeMeter(ctx, eventName)
  if (holder === undefined) return
  throw invalidRequest(
    `An active meter (\`${holder.id}\`) already uses the event name \`${eventName}\`.`,
    { param: 'event_name' },
  )
}

/** Deactivates a meter: it accepts no events, and no new price can use it. Throws 400 where it is inactive. */
export function deactivateMeter(ctx: Context, id: string): Meter {
  const before = requireMeter(ctx, id)
  if (before.status !== 'active') throw invalidRequest('This meter is already inactive.')
  const after = ctx.patch('meters', id, {
    status: 'inactive',
    status_transitions: { deactivated_at: ctx.now },
    updated: ctx.now,
  })
  ctx.emit('billing.meter.deactivated', after)
  return after
}

/** Reactivates a meter. Throws 400 where it is active, or where another active one has its event name. */
export function reactivateMeter(ctx: Context, id: string): Meter {
  const before = requireMeter(ctx, id)
  if (before.status === 'active') throw invalidRequest('This meter is already active.')
  requireFreeName(ctx, before.event_name)
  const after = ctx.patch('meters', id, {
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: ctx.now,
  })
  ctx.emit('billing.meter.reactivated', after)
  return after
}

/** Whether a price is billed by usage, not by a quantity. */
export function isMetered(price: Pick<Price, 'recurring'>): boolean {
  return price.recurring?.usage_type === 'metered'
}
