import type { Context } from '../../core/context.ts'
import { formatMoney } from '../../core/money.ts'
import type { CheckoutOrder, CheckoutOrderItem, CheckoutSession } from '../../documents.ts'
import { priceAmount } from '../../resources/catalog/amount.ts'
import { requirePrice } from '../../resources/catalog/price.ts'
import { requireOrder } from '../../resources/checkout/session.ts'
import { knownCoupon, worthOf } from '../../resources/discounts/coupons/coupon.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { errorBox } from '../layout.ts'
import { dayText, intervalText, priceText, productName } from '../texts.ts'
import type { Typed } from './fields.ts'

/** What is sold, its quantities, and the totals. */
export function orderSummary(
  ctx: Context,
  session: CheckoutSession,
  { typed, codeError }: { typed: Typed; codeError: string | null },
): Html {
  if (session.mode === 'setup') {
    return html`<section aria-label="Order summary"><p class="soft">Save a card for later payments</p></section>`
  }
  const order = requireOrder(ctx, session.id)
  const names = order.items.map((item) => productName(ctx, requirePrice(ctx, item.price)))
  const verb = session.mode === 'payment' ? 'Pay for' : 'Subscribe to'
  return html`<section aria-label="Order summary">
<p class="soft">${session.branding_settings?.display_name ?? ''}</p>
<p class="soft">${verb} ${names.join(', ')}</p>
${trialText(order)}
${headline(ctx, session, order)}
${order.items.map((item) => itemRow(ctx, session, item))}
${optionalItems(ctx, session, order)}
${totals(session)}
${errorBox(codeError)}
${promotionBox(ctx, session, typed)}
</section>`
}

function trialText(order: CheckoutOrder): Html | null {
  if (order.trialPeriodDays !== null) return html`<p>${order.trialPeriodDays} days free, then</p>`
  return order.trialEnd === null ? null : html`<p>Free until ${dayText(order.trialEnd)}, then</p>`
}

/** What a subscription costs in each interval, or the whole of a payment. */
function headline(ctx: Context, session: CheckoutSession, order: CheckoutOrder): Html {
  const lines = order.items.map((item) => ({ ...item, price: requirePrice(ctx, item.price) }))
  const recurring = lines.filter(({ price }) => price.recurring !== null)
  const shown = recurring.length > 0 ? recurring : lines
  const [first] = shown
  const currency = session.currency ?? first?.price.currency ?? 'usd'
  const total = shown.reduce(
    (sum, { price, quantity }) => sum + priceAmount(ctx, price, { quantity, currency }),
    0,
  )
  const interval = first === undefined ? '' : intervalText(first.price)
  return html`<p class="price">${formatMoney(total, currency)} <small>${interval}</small></p>`
}

function itemRow(ctx: Context, session: CheckoutSession, item: CheckoutOrderItem): Html {
  const price = requirePrice(ctx, item.price)
  const name = productName(ctx, price)
  const times = item.quantity > 1 ? ` × ${item.quantity}` : ''
  return html`<div class="row"><span>${name}${times}</span><span>${priceText(ctx, price, boughtIn(session, item.quantity))}</span></div>
${item.adjustable?.enabled ? quantityForm(session, item, name) : null}`
}

/** A quantity in the currency of the session. */
function boughtIn({ currency }: CheckoutSession, quantity: number) {
  return { quantity, ...(currency === null ? {} : { currency }) }
}

function quantityForm(session: CheckoutSession, item: CheckoutOrderItem, name: string): Html {
  const { minimum, maximum } = item.adjustable ?? {}
  return html`<form class="inline" method="post" action="/c/pay/${session.id}/quantity">
<input type="hidden" name="item" value="${item.id}">
<label>Quantity of ${name}
<input name="quantity" type="number" min="${item.optional === undefined ? (minimum ?? 0) : 0}" max="${maximum ?? 99}" value="${item.quantity}" required></label>
<button>Update quantity</button></form>`
}

function optionalItems(ctx: Context, session: CheckoutSession, order: CheckoutOrder): Html | null {
  const offered = session.optional_items ?? []
  if (offered.length === 0) return null
  const rows = offered.map(({ price: id, quantity }, index) => {
    const price = requirePrice(ctx, id)
    const isAdded = order.items.some(({ optional }) => optional === index)
    const verb = isAdded ? 'Remove' : 'Add'
    return html`<div class="row"><span>${productName(ctx, price)}<br><span class="soft">${priceText(ctx, price, boughtIn(session, quantity))}</span></span>
<form method="post" action="/c/pay/${session.id}/optional"><input type="hidden" name="index" value="${index}">
<button name="do" value="${verb.toLowerCase()}">${verb} ${productName(ctx, price)}</button></form></div>`
  })
  return html`<h2 class="gap">Add to your order</h2>${rows}`
}

/** Where the session takes promotion codes: a field for one, or the one that was applied. */
function promotionBox(ctx: Context, session: CheckoutSession, typed: Typed): Html | null {
  if (session.allow_promotion_codes !== true) return null
  const action = `/c/pay/${session.id}/promotion`
  const [applied] = session.discounts ?? []
  if (applied === undefined) {
    return html`<form class="inline code gap" method="post" action="${action}">
<label>Promotion code
<input name="promotionCode" autocomplete="off" value="${String(typed['promotionCode'] ?? '')}" required></label>
<button name="do" value="apply">Apply</button></form>`
  }
  const code = ctx.store.get('promotion_codes', String(applied.promotion_code))
  return html`<form class="row gap" method="post" action="${action}">
<span>Promotion code <strong>${code?.code ?? ''}</strong><br><span class="soft">${worthText(ctx, session)}</span></span>
<button name="do" value="remove">Remove code</button></form>`
}

/** What the discount of a session takes off: `20% off for 3 months`. */
function worthText(ctx: Context, session: CheckoutSession): string {
  const [applied] = session.discounts ?? []
  const code = ctx.store.get('promotion_codes', String(applied?.promotion_code ?? ''))
  const coupon = knownCoupon(ctx, code?.promotion.coupon ?? String(applied?.coupon ?? ''))
  if (coupon === undefined) return ''
  const currency = session.currency ?? 'usd'
  const worth = worthOf(ctx, coupon, currency)
  const off =
    'percentOff' in worth ? `${worth.percentOff}%` : formatMoney(worth.amountOff ?? 0, currency)
  if (session.mode !== 'subscription') return `${off} off`
  switch (coupon.duration) {
    case 'forever':
      return `${off} off forever`
    case 'repeating': {
      const months = coupon.duration_in_months ?? 0
      return `${off} off for ${months} ${months === 1 ? 'month' : 'months'}`
    }
    default:
      return `${off} off once`
  }
}

/** Subtotal, discount, tax and total: the rows that are not nothing, and the total. */
function totals(session: CheckoutSession): Html {
  const money = (amount: number | null) => formatMoney(amount ?? 0, session.currency ?? 'usd')
  const { amount_discount: discount = 0, amount_tax: tax = 0 } = session.total_details ?? {}
  const row = (name: string, amount: string): Html =>
    html`<div class="row"><span>${name}</span><span>${amount}</span></div>`
  return html`<div class="totals">
${row('Subtotal', money(session.amount_subtotal))}
${discount > 0 ? row('Discount', `−${money(discount)}`) : null}
${tax > 0 ? row('Tax', money(tax)) : null}
<div class="row"><strong>Total due today</strong><strong>${money(session.amount_total)}</strong></div>
</div>`
}
