import type { Context } from '../../../core/context.ts'
import { invalidRequest, notEmulated } from '../../../core/errors.ts'
import type { Customer, Invoice, Subscription } from '../../../documents.ts'
import { requireOneCurrency } from '../../customers/lasting-currency.ts'
import { cancelNow } from '../../subscriptions/change/cancel-now.ts'
import { createSubscription } from '../../subscriptions/create.ts'
import { pauseOnRequest } from '../../subscriptions/pause/pause.ts'
import { resumeSubscription } from '../../subscriptions/pause/resume.ts'
import { newOrder } from '../../subscriptions/requests/new-order.ts'
import { updateDirectly } from '../../subscriptions/schedules/direct-update.ts'
import { isEnded, requireSubscription } from '../../subscriptions/subscription.ts'
import { requireInvoice } from '../invoice.ts'
import { invoiceOfNew, nextInvoice, noUpcoming } from './next-invoice.ts'
import type { PreviewParams } from './preview-params.ts'
import { within } from './rules.ts'

type Details = NonNullable<PreviewParams['subscription_details']>

/** Previews a subscription, or a change of it: the invoice that the change makes now, otherwise the next one. */
export function previewSubscription(ctx: Context, id: string, params: PreviewParams): Invoice {
  const before = requireSubscription(ctx, id)
  if (isEnded(before)) throw noUpcoming(before.customer)
  const { currency, subscription_details: details = {} } = params
  if (currency !== undefined) requireOneCurrency(ctx, before.customer, currency)
  const { latest_invoice: latest } = within('subscription_details', () =>
    changed(ctx, before, details),
  )
  if (latest !== null && latest !== before.latest_invoice) return requireInvoice(ctx, latest)
  // A pause that invoices nothing now has no preview (JSDoc of `subscription_details.pause`).
  if (details.pause !== undefined) throw noUpcoming(before.customer)
  return nextInvoice(ctx, id)
}

/** What may stand beside an operation that is previewed instead of an update. */
const BESIDE = {
  cancel_now: ['proration_behavior'],
  pause: [],
  resume_at: ['billing_cycle_anchor', 'proration_behavior', 'proration_date'],
} as const satisfies Partial<Record<keyof Details, readonly (keyof Details)[]>>

/** Does what the details say: cancels, pauses, resumes or updates the subscription. */
function changed(ctx: Context, before: Subscription, details: Details): Subscription {
  const { cancel_now: cancels, pause, resume_at: resumes, start_date: start, ...update } = details
  if (start !== undefined) {
    throw invalidRequest('`start_date` is only for new subscriptions.', { param: 'start_date' })
  }
  const { billing_cycle_anchor: anchor, ...rest } = update
  const type = anchor === undefined ? undefined : existingAnchor(anchor)
  const moved = type === undefined ? {} : { billing_cycle_anchor: { type } }
  const { proration_behavior: behavior } = details
  if (cancels === true) {
    requireAlone(details, 'cancel_now')
    return cancelNow(ctx, before, { prorate: behavior !== 'none', invoiceNow: true })
  }
  if (pause !== undefined) {
    requireAlone(details, 'pause')
    return pauseOnRequest(ctx, before, pause)
  }
  if (resumes !== undefined) {
    requireAlone(details, 'resume_at')
    const { proration_date: date } = details
    return resumeSubscription(ctx, before, {
      ...moved,
      ...(behavior === undefined ? {} : { proration_behavior: behavior }),
      ...(date === undefined ? {} : { proration_date: date }),
    })
  }
  requireSomethingProrated(details)
  const asked = { ...rest, ...moved }
  return Object.keys(asked).length === 0 ? before : updateDirectly(ctx, before, asked)
}

function requireAlone(details: Details, name: keyof typeof BESIDE): void {
  const allowed: readonly string[] = [name, ...BESIDE[name]]
  const other = Object.keys(details).find((one) => !allowed.includes(one))
  if (other === undefined) return
  throw notEmulated(`a preview with '${name}' and '${other}'`, other)
}

/** A date of proration needs a change that is prorated (JSDoc of `subscription_details.proration_date`). */
function requireSomethingProrated({ items, proration_date: date, trial_end: end }: Details): void {
  if (date === undefined || items !== undefined || end !== undefined) return
  throw invalidRequest(
    'To use `proration_date`, you must also specify one of `items` or `trial_end`.',
    { param: 'proration_date' },
  )
}

/** Previews a new subscription: its first invoice. */
export function previewNewSubscription(
  ctx: Context,
  customer: Customer,
  params: PreviewParams,
): Invoice {
  const { currency, subscription_details: details = {} } = params
  return within('subscription_details', () => {
    const { start_date: start, ...order } = newDetails(details)
    const now = ctx.timeOf(customer.test_clock)
    const isLater = start !== undefined && start > now
    const create = () =>
      createSubscription(
        ctx,
        newOrder(ctx, {
          ...order,
          ...(currency === undefined ? {} : { currency }),
          ...(start === undefined || isLater ? {} : { backdate_start_date: start }),
          customer: customer.id,
          payment_behavior: 'default_incomplete',
        }),
      )
    const made = isLater ? ctx.at(start, customer.test_clock ?? null, create) : create()
    return invoiceOfNew(ctx, made.subscription)
  })
}

/** The details of a new subscription, as its creation has them. Throws 400 for what only an existing one can do. */
function newDetails(details: Details) {
  const { items = [], billing_cycle_anchor: anchor, cancel_at: end, ...rest } = details
  const { billing_mode: _mode, cancel_now, pause, proration_date, resume_at, ...others } = rest
  for (const [name, value] of Object.entries({ cancel_now, pause, proration_date, resume_at })) {
    if (value === undefined) continue
    throw invalidRequest(`\`${name}\` is only for existing subscriptions.`, { param: name })
  }
  return {
    ...others,
    ...(anchor === undefined ? {} : { billing_cycle_anchor: newAnchor(anchor) }),
    ...(typeof end === 'number' || typeof end === 'string' ? { cancel_at: end } : {}),
    items: items.map(({ clear_usage: _usage, deleted, id, ...item }, index) => {
      if (id === undefined && deleted === undefined) return item
      const name = id === undefined ? 'deleted' : 'id'
      throw invalidRequest('You cannot update a subscription item without a subscription.', {
        param: `items[${index}][${name}]`,
      })
    }),
  }
}

type Anchor = NonNullable<Details['billing_cycle_anchor']>

const ANCHOR = 'billing_cycle_anchor'

/** An existing subscription can only restart its cycle (JSDoc of `subscription_details.billing_cycle_anchor`). */
function existingAnchor({ timestamp, type }: Anchor): 'now' | 'unchanged' {
  if (type !== 'timestamp' && timestamp === undefined) return type
  throw invalidRequest(
    'The `billing_cycle_anchor` of an existing subscription can only be `now` or `unchanged`.',
    { param: ANCHOR },
  )
}

/** A new subscription is anchored at an instant (JSDoc of `subscription_details.billing_cycle_anchor`). */
function newAnchor({ timestamp, type }: Anchor): number {
  if (type !== 'timestamp') {
    throw notEmulated(`'${type}' as the '${ANCHOR}' of a new subscription`, ANCHOR)
  }
  if (timestamp !== undefined) return timestamp
  throw invalidRequest(`Missing required param: ${ANCHOR}[timestamp].`, {
    code: 'parameter_missing',
    param: `${ANCHOR}[timestamp]`,
  })
}
