import type { Context } from '../../core/context.ts'
import { invalidRequest, notEmulated } from '../../core/errors.ts'
import { longId } from '../../core/ids.ts'
import type { CheckoutOrder, Price } from '../../documents.ts'
import { changeMetadata } from '../../http/params/shape.ts'
import { priceAmount } from '../catalog/amount.ts'
import { requirePrice } from '../catalog/price.ts'
import { shippingOf } from '../payments/open-intent.ts'
import type { SessionParams } from './checkout-session-params.ts'

/** Stores what a session sells, and returns its total and currency. Throws 400 for impossible items. */
export function placeOrder(
  ctx: Context,
  id: string,
  params: SessionParams,
): { total: number | null; currency: string | null } {
  const isSetup = params.mode === 'setup'
  if (isSetup && params.line_items !== undefined) {
    throw invalidRequest('`line_items` cannot be used in `setup` mode.', { param: 'line_items' })
  }
  const prices = isSetup ? [] : pricesOf(ctx, params)
  const data = params.subscription_data
  ctx.store.put('checkout_orders', {
    id,
    items: prices.map(({ price, quantity }) => ({ id: longId('li'), price: price.id, quantity })),
    trialEnd: data?.trial_end ?? null,
    trialPeriodDays: data?.trial_period_days ?? null,
    missingPaymentMethod:
      data?.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
    subscriptionMetadata: changeMetadata({}, data?.metadata),
    subscriptionDescription: data?.description ?? null,
    pendingPaymentMethod: null,
    ...paymentOf(params),
  })
  if (isSetup) return { total: null, currency: params.currency ?? null }
  const isTrial = data?.trial_end !== undefined || data?.trial_period_days !== undefined
  const currency = params.currency ?? prices[0]?.price.currency
  const sum = prices.reduce(
    (total, { price, quantity }) => total + priceAmount(ctx, price, { quantity, currency }),
    0,
  )
  return { total: isTrial ? 0 : sum, currency: currency ?? null }
}

/** The prices and quantities of the line items. */
function pricesOf(ctx: Context, params: SessionParams): { price: Price; quantity: number }[] {
  const items = params.line_items ?? []
  if (items.length === 0) {
    throw invalidRequest('Missing required param: line_items.', {
      code: 'parameter_missing',
      param: 'line_items',
    })
  }
  return items.map((item, index) => {
    if (item.price === undefined) {
      throw invalidRequest(`Missing required param: line_items[${index}][price].`, {
        code: 'parameter_missing',
        param: `line_items[${index}][price]`,
      })
    }
    const price = requirePrice(ctx, item.price, `line_items[${index}][price]`)
    if (!price.active) {
      throw invalidRequest(
        'The price specified is inactive. This field only accepts active prices.',
        { param: `line_items[${index}][price]` },
      )
    }
    checkPriceType(price, params.mode, `line_items[${index}][price]`)
    return { price, quantity: item.quantity ?? 1 }
  })
}

function checkPriceType(price: Price, mode: SessionParams['mode'], param: string): void {
  if (price.recurring === null && mode === 'subscription') {
    throw notEmulated('a one-time price in Checkout in subscription mode', param)
  }
  if (price.recurring !== null && mode !== 'subscription') {
    throw invalidRequest(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      { param },
    )
  }
}

/** The payment of an order, in payment mode. */
function paymentOf(params: SessionParams): Pick<CheckoutOrder, 'payment'> {
  if (params.mode !== 'payment') return {}
  const data = params.payment_intent_data ?? {}
  return {
    payment: {
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
    },
  }
}
