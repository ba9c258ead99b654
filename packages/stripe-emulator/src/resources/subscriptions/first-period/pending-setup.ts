import type { Context } from '../../../core/context.ts'
import type { Invoice, Subscription } from '../../../documents.ts'
import { defaultMethodOf, requireCustomer } from '../../customers/customer.ts'
import { createSetupIntent } from '../../payments/setup-intents/setup-intent.ts'

/**
 * The setup intent of a new subscription that charges nothing now and has no payment method for later, as in a trial
 * without a card (JSDoc of `pending_setup_intent`; probed).
 */
export function pendingSetup(
  ctx: Context,
  created: Subscription,
  invoice: Invoice | null,
): Partial<Subscription> {
  const customer = requireCustomer(ctx, created.customer)
  const paysNow = invoice !== null && invoice.amount_due > 0
  const method =
    created.default_payment_method ?? created.default_source ?? defaultMethodOf(customer)
  if (paysNow || method !== null || created.collection_method === 'send_invoice') return {}
  const intent = createSetupIntent(ctx, {
    customer: customer.id,
    description: null,
    metadata: {},
    paymentMethod: null,
    usage: 'off_session',
  })
  return { pending_setup_intent: intent.id }
}
