import type { Context } from '../../core/context.ts'
import { formatMoney } from '../../core/money.ts'
import type { Invoice, PaymentMethod, Subscription } from '../../documents.ts'
import type { Portal } from '../../resources/portal/session.ts'
import {
  portalSubscriptions,
  quantityBounds,
  switchablePrices,
} from '../../resources/portal/session.ts'
import { allowedUpdates } from '../../resources/portal/update-customer.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { page } from '../layout.ts'
import { dayText, itemText, nextText, productName, statusTag } from '../texts.ts'

/** The first page of the portal: plans, cards, details, invoices and the return link. */
export function portalPage(ctx: Context, portal: Portal, base: string): string {
  const subscriptions = portalSubscriptions(ctx, portal)
  const { headline } = portal.configuration.business_profile
  const plans =
    subscriptions.length === 0
      ? html`<section class="card"><h1>No plan</h1><p class="soft">There is no current subscription.</p></section>`
      : subscriptions.map((subscription) => subscriptionCard(ctx, portal, { subscription, base }))
  return page(
    'Billing',
    html`${returnLink(portal)}
${headline === null ? null : html`<p>${headline}</p>`}
<p class="soft">${portal.customer.email ?? portal.customer.name ?? portal.customer.id}</p>
${plans}
${paymentMethodCard(ctx, portal, base)}
${detailsCard(portal, base)}
${invoiceCard(ctx, portal)}
${businessLinks(portal)}`,
  )
}

function businessLinks(portal: Portal): Html {
  const { privacy_policy_url: privacy, terms_of_service_url: terms } =
    portal.configuration.business_profile
  return html`<p class="soft">${terms === null ? null : html`<a href="${terms}">Terms</a> `}${
    privacy === null ? null : html`<a href="${privacy}">Privacy</a>`
  }</p>`
}

function subscriptionCard(
  ctx: Context,
  portal: Portal,
  about: { subscription: Subscription; base: string },
): Html {
  const { subscription, base } = about
  const { subscription_cancel: cancel } = portal.configuration.features
  const [item] = subscription.items.data
  const ends = subscription.cancel_at !== null
  const canUpdate =
    switchablePrices(ctx, portal, subscription).length > 0 ||
    quantityBounds(portal, subscription) !== null
  const query = `?subscription=${subscription.id}`
  return html`<section class="card">
<div class="row"><div><h1>${planName(ctx, subscription)}</h1>
<p>${item === undefined ? '' : itemText(ctx, item, subscription.currency)}</p></div>
<div>${statusTag(subscription.status)}</div></div>
<p class="soft">${nextText(subscription)}</p>
<div class="actions">
${canUpdate ? html`<a class="button main" href="${base}/update${query}">Update plan</a>` : null}
${
  ends
    ? html`<form method="post" action="${base}/resume${query}"><button>Don’t cancel plan</button></form>`
    : cancel.enabled
      ? html`<a class="button" href="${base}/cancel${query}">Cancel plan</a>`
      : null
}
</div></section>`
}

/** The names of the products of a subscription. */
export function planName(ctx: Context, subscription: Subscription): string {
  return subscription.items.data.map((item) => productName(ctx, item.price)).join(', ')
}

/** The link back to the seller; nothing where the session has none. */
export function returnLink(portal: Portal): Html {
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

function detailsCard(portal: Portal, base: string): Html {
  if (allowedUpdates(portal).length === 0) return html``
  const { name, email, phone, address } = portal.customer
  const lines = [name, email, phone, address?.line1, address?.city, address?.country]
  return html`<section class="card"><h2>Billing information</h2>
${lines.map((line) => (line ? html`<p>${line}</p>` : html``))}
<div class="actions"><a class="button" href="${base}/details">Update information</a></div></section>`
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
