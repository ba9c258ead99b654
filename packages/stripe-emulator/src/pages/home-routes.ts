import { API_VERSION } from '../core/account.ts'
import { fromSeconds } from '../core/clock.ts'
import type { Context } from '../core/context.ts'
import { type Html, html } from './html.ts'
import { page } from './layout.ts'
import type { Site } from './site.ts'
import { productName, statusTag } from './texts.ts'

const SHOWN = 20

function subscriptions(ctx: Context): Html {
  const rows = ctx.store.newest('subscriptions').slice(0, SHOWN)
  if (rows.length === 0) return html`<p class="soft">None yet.</p>`
  return html`${rows.map((subscription) => {
    const customer = ctx.store.get('customers', subscription.customer)
    const plan = subscription.items.data.map((item) => productName(ctx, item.price)).join(', ')
    return html`<div class="row"><span>${customer?.email ?? subscription.customer}<br><span class="soft">${plan} · <code>${subscription.id}</code></span></span><span>${statusTag(subscription.status)}</span></div>`
  })}`
}

function events(ctx: Context): Html {
  const rows = ctx.store.newest('events').slice(0, SHOWN)
  if (rows.length === 0) return html`<p class="soft">None yet.</p>`
  return html`${rows.map((event) => {
    const deliveries = ctx.store.find('deliveries', { index: 'event', key: event.id })
    const error = deliveries.find(
      (delivery) => delivery.lastError !== null && delivery.status !== 'succeeded',
    )
    const state =
      deliveries.length === 0
        ? 'no endpoint'
        : event.pending_webhooks === 0
          ? 'delivered'
          : 'pending'
    return html`<div class="row"><span>${event.type}<br><span class="soft"><code>${event.id}</code>${error === undefined ? '' : ` · ${error.lastError ?? ''}`}</span></span><span class="soft">${state}</span></div>`
  })}`
}

/** The emulator's own first page: what there is, newest first. */
export function serveHome(site: Site): void {
  site.get('/', () =>
    site.run((ctx) => ({
      body: page(
        'Overview',
        html`<h1>Local Stripe</h1>
<p class="soft">API version ${API_VERSION} · the time here is ${fromSeconds(ctx.now).toISOString()} · ${ctx.store.newest('customers').length} customers</p>
<section class="card"><h2>Subscriptions</h2>${subscriptions(ctx)}</section>
<section class="card"><h2>Events</h2>${events(ctx)}</section>`,
      ),
    })),
  )
}
