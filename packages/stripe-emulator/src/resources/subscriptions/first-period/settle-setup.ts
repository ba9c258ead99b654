import type { Context } from '../../../core/context.ts'
import type { SetupIntent } from '../../../documents.ts'

/** Updates the subscription that has waited for a setup intent. Its method becomes the default where that is set. */
export function settleSetup(ctx: Context, intent: SetupIntent): void {
  if (intent.status !== 'succeeded' || intent.customer === null) return
  const waiting = ctx.store
    .find('subscriptions', { index: 'customer', key: intent.customer })
    .find((subscription) => subscription.pending_setup_intent === intent.id)
  if (waiting === undefined) return
  const saves = waiting.payment_settings?.save_default_payment_method === 'on_subscription'
  const after = ctx.patch('subscriptions', waiting.id, {
    pending_setup_intent: null,
    ...(saves ? { default_payment_method: intent.payment_method } : {}),
  })
  ctx.emit('customer.subscription.updated', after, {
    pending_setup_intent: intent.id,
    ...(saves ? { default_payment_method: waiting.default_payment_method } : {}),
  })
}
