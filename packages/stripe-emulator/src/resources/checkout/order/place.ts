import type { Context } from '../../../core/context.ts'
import type { CheckoutOrder, CheckoutSession } from '../../../documents.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { shippingOf } from '../../payments/open-intent.ts'
import type { SessionParams } from '../params/session-params.ts'
import { readItems } from './items.ts'

/** What a session says about its order. */
type Placed = Pick<CheckoutSession, 'currency' | 'optional_items'>

/** Stores what a session sells, and returns what the session says about it. Throws 400 for impossible items. */
export function placeOrder(
  ctx: Context,
  id: string,
  params: SessionParams & { mode: 'payment' | 'setup' | 'subscription' },
): Placed {
  const { mode } = params
  const sold = mode === 'setup' ? null : readItems(ctx, params, mode)
  const data = params.subscription_data
  ctx.store.put('checkout_orders', {
    id,
    items: sold?.items ?? [],
    trialEnd: data?.trial_end ?? null,
    trialPeriodDays: data?.trial_period_days ?? null,
    missingPaymentMethod:
      data?.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
    subscriptionMetadata: changeMetadata({}, data?.metadata),
    subscriptionDescription: data?.description ?? null,
    anchor: data?.billing_cycle_anchor ?? null,
    prorate: data?.proration_behavior !== 'none',
    pendingPaymentMethod: null,
    ...(params.customer_update === undefined ? {} : { customerUpdate: params.customer_update }),
    ...(params.payment_method_data?.allow_redisplay === undefined
      ? {}
      : { allowRedisplay: params.payment_method_data.allow_redisplay }),
    ...(mode === 'payment' ? { payment: paymentOf(params) } : {}),
  })
  const offered =
    params.optional_items === undefined ? {} : { optional_items: sold?.optional ?? [] }
  return { currency: sold?.currency ?? params.currency ?? null, ...offered }
}

/** The payment of an order, in payment mode. */
function paymentOf(params: SessionParams): NonNullable<CheckoutOrder['payment']> {
  const data = params.payment_intent_data ?? {}
  return {
    description: data.description ?? null,
    setupFutureUsage: data.setup_future_usage ?? null,
    metadata: changeMetadata({}, data.metadata),
    fields: {
      capture_method: data.capture_method ?? 'automatic_async',
      receipt_email: data.receipt_email ?? null,
      shipping: data.shipping === undefined ? null : shippingOf(data.shipping),
      statement_descriptor: data.statement_descriptor ?? null,
      statement_descriptor_suffix: data.statement_descriptor_suffix ?? null,
    },
  }
}
