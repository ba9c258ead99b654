import type { Context } from '../../../core/context.ts'
import type { Customer, Invoice } from '../../../documents.ts'
import { requireOneCurrency } from '../../customers/lasting-currency.ts'
import { updateSchedule } from '../../subscriptions/schedules/change-schedule.ts'
import { createSchedule } from '../../subscriptions/schedules/new-schedule.ts'
import { requireOpenSchedule } from '../../subscriptions/schedules/schedule.ts'
import { requireInvoice } from '../invoice.ts'
import { invoiceOfNew, nextInvoiceOfSchedule } from './next-invoice.ts'
import type { PreviewParams } from './preview-params.ts'
import { within } from './rules.ts'

/** Previews a schedule, or a change of it: the invoice that the change makes now, otherwise the next one. */
export function previewSchedule(ctx: Context, id: string, params: PreviewParams): Invoice {
  const schedule = requireOpenSchedule(ctx, id)
  const { currency, schedule_details: details } = params
  if (currency !== undefined) requireOneCurrency(ctx, schedule.customer, currency)
  const latest = latestInvoice(ctx, schedule.subscription)
  if (details !== undefined) {
    const { end_behavior, phases, proration_behavior } = details
    within('schedule_details', () =>
      updateSchedule(ctx, id, {
        ...(end_behavior === undefined ? {} : { end_behavior }),
        ...(phases === undefined ? {} : { phases }),
        ...(proration_behavior === undefined ? {} : { proration_behavior }),
      }),
    )
  }
  const made = latestInvoice(ctx, schedule.subscription)
  return made === null || made === latest
    ? nextInvoiceOfSchedule(ctx, id)
    : requireInvoice(ctx, made)
}

function latestInvoice(ctx: Context, subscription: string | null): string | null {
  return ctx.store.get('subscriptions', subscription ?? '')?.latest_invoice ?? null
}

/** Previews a new schedule: its first invoice. */
export function previewNewSchedule(
  ctx: Context,
  customer: Customer,
  params: PreviewParams,
): Invoice {
  const { currency, schedule_details: details } = params
  const [first, ...later] = (details?.phases ?? []).map((phase) => ({
    ...phase,
    ...(currency === undefined ? {} : { currency: phase.currency ?? currency }),
  }))
  const { end_behavior } = details ?? {}
  const schedule = within('schedule_details', () =>
    createSchedule(ctx, {
      customer: customer.id,
      phases: first === undefined ? [] : [first, ...later],
      ...(first?.start_date === undefined ? {} : { start_date: first.start_date }),
      ...(end_behavior === undefined ? {} : { end_behavior }),
    }),
  )
  const started = ctx.store.get('subscriptions', schedule.subscription ?? '')
  return started === undefined
    ? nextInvoiceOfSchedule(ctx, schedule.id)
    : invoiceOfNew(ctx, started)
}
