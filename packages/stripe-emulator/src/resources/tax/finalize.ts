import type { Context } from '../../core/context.ts'
import type { Invoice, Subscription } from '../../documents.ts'
import { automaticTax, automaticTaxStatus } from './automatic.ts'
import { unknownLocation } from './location.ts'

/**
 * A draft that can be finalized. Where automatic tax lacks the customer's location, a request is refused with 400; a
 * finalization by the clock goes on without automatic tax, which is switched off for the subscription too (since API
 * version 2024-12-18.acacia: docs.stripe.com/changelog/acacia/2024-12-18/add-disabled-reason).
 */
export function withLocation(ctx: Context, draft: Invoice): Invoice {
  if (!draft.automatic_tax.enabled) return draft
  if (ctx.previewing || automaticTaxStatus(ctx, draft.customer) === 'complete') return draft
  if (ctx.request.id !== null) throw unknownLocation()
  const id = draft.parent?.subscription_details?.subscription
  const subscription = ctx.store.get('subscriptions', id ?? '')
  if (subscription !== undefined) switchOff(ctx, subscription)
  const off = automaticTax({ enabled: false })
  return {
    ...draft,
    automatic_tax: {
      ...off,
      disabled_reason: 'finalization_requires_location_inputs',
      provider: null,
      status: 'requires_location_inputs',
    },
  }
}

function switchOff(ctx: Context, before: Subscription): void {
  const after = ctx.patch('subscriptions', before.id, {
    automatic_tax: {
      ...automaticTax({ enabled: false }),
      disabled_reason: 'requires_location_inputs',
    },
  })
  ctx.emit('customer.subscription.updated', after, { automatic_tax: before.automatic_tax })
}
