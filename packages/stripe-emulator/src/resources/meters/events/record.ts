import { randomUUID } from 'node:crypto'
import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { MAIN_TIMELINE } from '../../../core/store/table.ts'
import type { MeterEvent } from '../../../documents.ts'
import { meterNamed } from '../meter.ts'
import type { CheckedUse, Refusal, ReportedUse } from './check-event.ts'
import { checkUse } from './check-event.ts'
import type { FailedUse } from './error-report.ts'
import { reportErrors } from './error-report.ts'
import { processEvents } from './process.ts'

/** How long an identifier cannot be used again, and an event can be canceled. */
const DAY = 86_400

/** An identifier for an event that has none. */
export function newIdentifier(): string {
  return randomUUID()
}

/** The newest event with an identifier that arrived in the last 24 hours; undefined: there is none. */
function recentEvent(ctx: Context, identifier: string): MeterEvent | undefined {
  const event = ctx.store.get('meter_events', identifier)
  return event === undefined || ctx.now - event.received >= DAY ? undefined : event
}

/**
 * Records a use, and processes it as the settings say. Throws 400 where it cannot be counted, and where its identifier
 * was used in the last 24 hours: that event was delivered before. Errors of the v2 API have a code, those of the v1 API
 * have none (sighted in public code).
 */
export function recordUse(ctx: Context, use: ReportedUse, api: 'v1' | 'v2'): CheckedUse {
  const checked = checkUse(ctx, use)
  if ('refusal' in checked) throw refused(checked.refusal, api)
  const known = knownIdentifier(ctx, use.identifier)
  if (known !== null) throw refused(known, api)
  storeUses(ctx, [checked])
  return checked
}

function refused({ message, param, code }: Omit<Refusal, 'report'>, api: 'v1' | 'v2'): Error {
  return invalidRequest(message, { param, ...(api === 'v2' && code !== undefined && { code }) })
}

function knownIdentifier(ctx: Context, identifier: string): Omit<Refusal, 'report'> | null {
  if (recentEvent(ctx, identifier) === undefined) return null
  return {
    code: 'duplicate_meter_event',
    message: `An event already exists with identifier ${identifier}.`,
    param: 'identifier',
  }
}

/** Records the uses of the stream: those that cannot be counted are reported, known identifiers are left out. */
export function recordStream(ctx: Context, uses: readonly ReportedUse[]): void {
  const failed: FailedUse[] = []
  for (const use of uses) {
    const checked = checkUse(ctx, use)
    if ('refusal' in checked) {
      const { report: code, message } = checked.refusal
      const { identifier } = use
      failed.push({ meter: meterNamed(ctx, use.eventName) ?? null, code, message, identifier })
    } else if (recentEvent(ctx, use.identifier) === undefined) storeUses(ctx, [checked])
  }
  reportErrors(ctx, failed)
}

/** Stores uses, and processes them at once unless they are held or delayed. */
function storeUses(ctx: Context, uses: readonly CheckedUse[]): void {
  const { hold, delaySeconds } = ctx.settings.meterEvents
  const stored = uses.map((use) => storeUse(ctx, use))
  if (!hold && delaySeconds === 0) processEvents(ctx, stored)
}

function storeUse(ctx: Context, use: CheckedUse): MeterEvent {
  const { identifier, meter, customer, value, at } = use
  const older = ctx.store.get('meter_events', identifier)
  if (older !== undefined) {
    // The document of an identifier is its newest event; an older one goes on counting under another id.
    ctx.store.put('meter_events', { ...older, id: `${identifier}/${older.order}` })
  }
  return ctx.store.put('meter_events', {
    id: identifier,
    meter: meter.id,
    customer,
    value,
    at,
    received: ctx.now,
    order: ctx.store.count('meter_events'),
    state: 'pending',
    due: dueOf(ctx, customer),
  })
}

/** When what was received now is processed; null: when it is released. */
function dueOf(ctx: Context, customer: string): NonNullable<MeterEvent['due']> | null {
  const { hold, delaySeconds } = ctx.settings.meterEvents
  if (hold) return null
  const timeline = ctx.store.get('customers', customer)?.test_clock ?? null
  return {
    at: ctx.timeOf(timeline) + delaySeconds,
    timeline: timeline ?? MAIN_TIMELINE,
  }
}

/**
 * Cancels an event that arrived in the last 24 hours: it no longer counts. Throws 400 where there is none with this
 * event name and identifier.
 */
export function cancelEvent(ctx: Context, eventName: string, identifier: string): void {
  const event = recentEvent(ctx, identifier)
  const meter = event === undefined ? undefined : ctx.store.get('meters', event.meter)
  if (event === undefined || meter?.event_name !== eventName) {
    throw invalidRequest(
      `No event with the name "${eventName}" and the identifier ${identifier} was received in the past 24 hours.`,
      { code: 'resource_missing', param: 'cancel[identifier]' },
    )
  }
  if (event.state === 'canceled' || event.state === 'canceling' || event.state === 'failed') return
  if (event.state === 'pending') {
    ctx.store.put('meter_events', { ...withoutDue(event), state: 'canceled' })
    return
  }
  const waiting = ctx.store.put('meter_events', {
    ...event,
    state: 'canceling',
    due: dueOf(ctx, event.customer),
  })
  const { hold, delaySeconds } = ctx.settings.meterEvents
  if (!hold && delaySeconds === 0) processEvents(ctx, [waiting])
}

function withoutDue({ due: _due, ...event }: MeterEvent): MeterEvent {
  return event
}
