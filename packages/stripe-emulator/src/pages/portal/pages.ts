import type { Context } from '../../core/context.ts'
import { formatMoney } from '../../core/money.ts'
import type { Invoice, PaymentMethod, Subscription } from '../../documents.ts'
import type { Portal } from '../../resources/portal/session.ts'
import { portalSubscriptions, switchablePrices } from '../../resources/portal/session.ts'
import type { CardInput } from '../card-form.ts'
import { cardFields, testCardHints } from '../card-form.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { errorBox, page } from '../layout.ts'
import { dayText, itemText, nextText, priceText, productName, statusTag } from '../texts.ts'

/** The first page of the portal: plans, cards, invoices and the return link. */
export function portalPage(ctx: Context, portal: Portal, base: string): string {
  const subscriptions = portalSubscriptions(ctx, portal)
  const plans =
    subscriptions.length === 0
      ? html`<section class="card"><h1>No plan</h1><p class="soft">There is no current subscription.</p></section>`
      : subscriptions.map((subscription) => subscriptionCard(ctx, portal, { subscription, base }))
  return page(
    'Billing',
    html`${returnLink(portal)}
<p class="soft">${portal.customer.email ?? portal.customer.name ?? portal.customer.id}</p>
${plans}
${paymentMethodCard(ctx, portal, base)}
${invoiceCard(ctx, portal)}`,
  )
}

function subscriptionCard(
  ctx: Context,
  portal: Portal,
  about: { subscription: Subscription; base: string },
): Html {
  const { subscription, base } = about
  const { subscription_cancel: cancel, subscription_update: update } = portal.configuration.features
  const [item] = subscription.items.data
  const ends = subscription.cancel_at !== null
  const canSwitch = update.enabled && switchablePrices(ctx, portal, subscription).length > 0
  const query = `?subscription=${subscription.id}`
  return html`<section class="card" aria-label="Subscription">
<div class="row"><div><h1>${planName(ctx, subscription)}</h1>
<p>${item === undefined ? '' : itemText(ctx, item, subscription.currency)}</p></div>
<div>${statusTag(subscription.status)}</div></div>
<p class="soft">${nextText(subscription)}</p>
<div class="actions">
${canSwitch ? html`<a class="button main" href="${base}/update${query}">Update plan</a>` : null}
${
  ends
    ? html`<form method="post" action="${base}/resume${query}"><button>Don’t cancel plan</button></form>`
    : cancel.enabled
      ? html`<a class="button" href="${base}/cancel${query}">Cancel plan</a>`
      : null
}
</div></section>`
}

function planName(ctx: Context, subscription: Subscription): string {
  return subscription.items.data.map((item) => productName(ctx, item.price)).join(', ')
}

function returnLink(portal: Portal): Html {
  const { return_url: url } = portal.session
  return url === null
    ? html``
    : html`<a class="back" href="${url}">← Return to ${new URL(url).host}</a>`
}

function paymentMethodCard(ctx: Context, portal: Portal, base: string): Html {
  const methods = ctx.store.find('payment_methods', { index: 'customer', key: portal.customer.id })
  const [subscription] = portalSubscriptions(ctx, portal)
  const standard =
    subscription?.default_payment_method ?? portal.customer.invoice_settings.default_payment_method
  const row = ({ id, card }: PaymentMethod): Html => html`<div class="row">
<span>${card?.brand ?? 'card'} •••• ${card?.last4 ?? ''}${id === standard ? html` <span class="tag">Default</span>` : null}</span>
<span class="soft">${card === undefined ? '' : `${String(card.exp_month).padStart(2, '0')} / ${card.exp_year}`}</span></div>`
  const canAdd = portal.configuration.features.payment_method_update.enabled
  return html`<section class="card"><h2>Payment methods</h2>
${methods.length === 0 ? html`<p class="soft">None yet.</p>` : methods.map(row)}
${canAdd ? html`<div class="actions"><a class="button" href="${base}/card">Add payment method</a></div>` : null}
</section>`
}

function invoiceCard(ctx: Context, portal: Portal): Html {
  if (!portal.configuration.features.invoice_history.enabled) return html``
  const invoices = ctx.store
    .find('invoices', { index: 'customer', key: portal.customer.id })
    .filter((invoice) => invoice.status !== 'draft')
  const row = (invoice: Invoice): Html => html`<div class="row">
<span><a href="${invoice.hosted_invoice_url ?? '#'}">${dayText(invoice.created)}</a> <span class="soft">${invoice.number}</span></span>
<span>${formatMoney(invoice.total, invoice.currency)} ${statusTag(invoice.status ?? '')}</span></div>`
  return html`<section class="card"><h2>Invoice history</h2>
${invoices.length === 0 ? html`<p class="soft">None yet.</p>` : invoices.slice(0, 24).map(row)}
</section>`
}

/** The page that confirms a cancellation. */
export function cancelPage(ctx: Context, subscription: Subscription, base: string): string {
  const [item] = subscription.items.data
  const day = item === undefined ? '' : dayText(item.current_period_end)
  return page(
    'Cancel plan',
    html`<a class="back" href="${base}">← Back</a>
<section class="card"><h1>Cancel ${planName(ctx, subscription)}?</h1>
<p>The plan will be canceled, and stays available until the end of your billing period on ${day}.</p>
<form method="post" action="${base}/cancel?subscription=${subscription.id}"><div class="actions">
<button class="main">Cancel plan</button> <a class="button" href="${base}">Go back</a></div></form></section>`,
  )
}

/** The page with the plans to switch to. */
export function switchPage(
  ctx: Context,
  portal: Portal,
  about: { subscription: Subscription; base: string; error: string | null },
): string {
  const { subscription, base, error } = about
  const rows = switchablePrices(ctx, portal, subscription).map(
    (price) => html`<div class="row"><span><strong>${productName(ctx, price)}</strong><br>
<span class="soft">${priceText(ctx, price, { currency: subscription.currency })}</span></span>
<form method="post" action="${base}/update?subscription=${subscription.id}">
<input type="hidden" name="price" value="${price.id}"><button class="main">Switch to ${productName(ctx, price)}</button></form></div>`,
  )
  return page(
    'Update plan',
    html`<a class="back" href="${base}">← Back</a>
<section class="card"><h1>Update plan</h1>
<p class="soft">Now: ${planName(ctx, subscription)}. The change takes effect now and is prorated.</p>
${errorBox(error)}
${rows}</section>`,
  )
}

/** The page with the form for a new card. */
export function cardPage(base: string, form: { typed: CardInput; error: string | null }): string {
  return page(
    'Add payment method',
    html`<a class="back" href="${base}">← Back</a>
<section class="card"><h1>Add payment method</h1>
${errorBox(form.error)}
<form method="post" action="${base}/card">${cardFields(form.typed)}
<button class="main wide">Add</button></form>
${testCardHints()}</section>`,
  )
}
