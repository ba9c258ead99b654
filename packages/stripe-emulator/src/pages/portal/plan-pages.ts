import type { Context } from '../../core/context.ts'
import { formatMoney } from '../../core/money.ts'
import type { Subscription } from '../../documents.ts'
import { priceAmount } from '../../resources/catalog/amount.ts'
import { requirePrice } from '../../resources/catalog/price.ts'
import type { Portal } from '../../resources/portal/session.ts'
import { quantityBounds, switchablePrices } from '../../resources/portal/session.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { errorBox, page } from '../layout.ts'
import { dayText, intervalText, priceText, productName } from '../texts.ts'
import { planName, returnLink } from './home.ts'

interface About {
  subscription: Subscription
  base: string
  error: string | null
}

/** The way back: to the first page, or, in a flow, to the seller. */
export function backLink(portal: Portal, base: string): Html {
  return portal.session.flow === null
    ? html`<a class="back" href="${base}">← Back</a>`
    : returnLink(portal)
}

const REASONS: Readonly<Record<string, string>> = {
  customer_service: 'Customer service was less than expected',
  low_quality: 'Quality was less than expected',
  missing_features: 'I need more features',
  other: 'Other reason',
  switched_service: 'I found an alternative',
  too_complex: 'Ease of use was less than expected',
  too_expensive: 'It’s too expensive',
  unused: 'I don’t use the service enough',
}

/** The page that confirms a cancellation, and asks for its reason where the configuration says so. */
export function cancelPage(ctx: Context, portal: Portal, about: About): string {
  const { subscription, base, error } = about
  const { mode, cancellation_reason: reason } = portal.configuration.features.subscription_cancel
  const [item] = subscription.items.data
  const day = item === undefined ? '' : dayText(item.current_period_end)
  const when =
    mode === 'immediately'
      ? 'The plan will be canceled now.'
      : `The plan will be canceled, and stays available until the end of your billing period on ${day}.`
  const option = (value: string): Html => html`<label class="check">
<input type="radio" name="feedback" value="${value}"> <span>${REASONS[value] ?? value}</span></label>`
  return page(
    'Cancel plan',
    html`${backLink(portal, base)}
<section class="card"><h1>Cancel ${planName(ctx, subscription)}?</h1>
${errorBox(error)}
<p>${when}</p>
<form method="post" action="${base}/cancel?subscription=${subscription.id}">
${
  reason.enabled
    ? html`<fieldset><legend>Why do you cancel?</legend>${reason.options.map(option)}
<label>Anything else? (optional)
<input name="comment" autocomplete="off" maxlength="500"></label></fieldset>`
    : null
}
<div class="actions"><button class="main">Cancel plan</button>
${portal.session.flow === null ? html`<a class="button" href="${base}">Go back</a>` : null}</div></form></section>`,
  )
}

/** The page with the plans to switch to, and the quantity where it can be changed. */
export function switchPage(ctx: Context, portal: Portal, about: About): string {
  const { subscription, base, error } = about
  const action = `${base}/update?subscription=${subscription.id}`
  const rows = switchablePrices(ctx, portal, subscription).map(
    (price) => html`<div class="row"><span><strong>${productName(ctx, price)}</strong><br>
<span class="soft">${priceText(ctx, price, { currency: subscription.currency })}</span></span>
<form method="post" action="${action}">
<input type="hidden" name="price" value="${price.id}"><button class="main">Switch to ${productName(ctx, price)}</button></form></div>`,
  )
  return page(
    'Update plan',
    html`${backLink(portal, base)}
<section class="card"><h1>Update plan</h1>
<p class="soft">Now: ${planName(ctx, subscription)}. The change takes effect now.</p>
${errorBox(error)}
${quantityForm(portal, subscription, action)}
${rows}</section>`,
  )
}

function quantityForm(portal: Portal, subscription: Subscription, action: string): Html | null {
  const bounds = quantityBounds(portal, subscription)
  const [item] = subscription.items.data
  if (bounds === null || item === undefined) return null
  const { minimum, maximum } = bounds
  return html`<form class="inline" method="post" action="${action}">
<label>Quantity
<input name="quantity" type="number" min="${minimum}"${maximum === null ? null : html` max="${maximum}"`} value="${item.quantity}" required></label>
<button>Update quantity</button></form>`
}

/** The page that confirms the change that the session of a flow names. */
export function confirmPage(ctx: Context, portal: Portal, about: About): string {
  const { subscription, base, error } = about
  const [change] = portal.session.flow?.subscription_update_confirm?.items ?? []
  const price = requirePrice(ctx, change?.price ?? '')
  const { quantity = 1 } = change ?? {}
  const { currency } = subscription
  const amount = formatMoney(priceAmount(ctx, price, { quantity, currency }), currency)
  return page(
    'Confirm your update',
    html`${backLink(portal, base)}
<section class="card"><h1>Confirm your update</h1>
${errorBox(error)}
<div class="row"><span>Now</span><span>${planName(ctx, subscription)}</span></div>
<div class="row"><span>New</span><span>${productName(ctx, price)}${quantity > 1 ? ` × ${quantity}` : ''}<br>
${amount} ${intervalText(price)}</span></div>
<form method="post" action="${base}/update?subscription=${subscription.id}">
<input type="hidden" name="price" value="${price.id}">
<input type="hidden" name="quantity" value="${quantity}">
<div class="actions"><button class="main">Confirm</button></div></form></section>`,
  )
}

/** The page after a flow that ends with one. */
export function donePage(portal: Portal): string {
  const text = portal.session.flow?.after_completion.hosted_confirmation?.custom_message
  return page(
    'Done',
    html`<section class="card"><h1>${text ?? 'Your change is saved'}</h1>
<p class="soft">You can close this page.</p>${returnLink(portal)}</section>`,
  )
}
