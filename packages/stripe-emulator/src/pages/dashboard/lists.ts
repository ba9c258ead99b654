import { formatMoney } from '../../core/money.ts'
import type { Delivery, Event } from '../../documents.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { itemText, productName } from '../texts.ts'
import {
  callButton,
  customerName,
  deliveryState,
  objectLink,
  row,
  tag,
  time,
  typeText,
} from './parts.ts'
import type { View } from './view.ts'
import { isShown } from './view.ts'

/** Renders the newest rows of a list, at most `most`, only those of the customers of the filter. */
export type Rows = (view: View, most: number) => Html[]

export const customerRows: Rows = (view, most) => {
  const { store } = view.ctx
  const shown = store.newest('customers').filter(({ id }) => isShown(view, id))
  return shown.first(most).map(({ id, name, email, created }) => {
    const [subscription] = store.find('subscriptions', { index: 'customer', key: id })
    return row(
      id,
      html`${objectLink(id, name ?? email ?? id)}<span class="sub">${email === null || name === null ? '' : `${email} · `}<code>${id}</code></span>`,
      html`${tag(subscription?.status ?? null)}<span class="sub wideonly">${time(created)}</span>`,
    )
  })
}

export const subscriptionRows: Rows = (view, most) => {
  const { ctx } = view
  const shown = ctx.store.newest('subscriptions').filter(({ customer }) => isShown(view, customer))
  return shown.first(most).map((subscription) => {
    const { id, customer, items, status, cancel_at: ends, ended_at: ended } = subscription
    const [item] = items.data
    const plans = items.data.map(({ price }) => productName(ctx, price)).join(', ')
    const price = item === undefined ? '' : ` · ${itemText(ctx, item, subscription.currency)}`
    const next =
      ended !== null
        ? html`ended ${time(ended)}`
        : ends !== null
          ? html`ends ${time(ends)}`
          : html`renews ${time(item?.current_period_end ?? 0)}`
    return row(
      id,
      html`${objectLink(id, customerName(ctx, customer))}<span class="sub">${plans}${price}</span>`,
      html`<span class="sub wideonly">${next}</span>${tag(status)}`,
    )
  })
}

export const invoiceRows: Rows = (view, most) => {
  const shown = view.ctx.store.newest('invoices').filter(({ customer }) => isShown(view, customer))
  return shown
    .first(most)
    .map(({ id, number, customer, total, currency, status, created }) =>
      row(
        id,
        html`${objectLink(id, number ?? id)}<span class="sub">${customerName(view.ctx, customer)} · ${time(created)}</span>`,
        html`<span>${formatMoney(total, currency)}</span>${tag(status)}`,
      ),
    )
}

export const meterRows: Rows = ({ ctx }, most) =>
  ctx.store
    .newest('meters')
    .first(most)
    .map(({ id, display_name: name, event_name: event, default_aggregation, status }) =>
      row(
        id,
        html`${objectLink(id, name)}<span class="sub"><code>${event}</code> · ${default_aggregation.formula}</span>`,
        tag(status),
      ),
    )

/** Rows of the uses that were reported to a meter. */
export function reportedRows(view: View, most: number, meter: string): Html[] {
  const { ctx } = view
  const rows: Html[] = []
  for (const use of ctx.store.newest('meter_events', { index: 'meter', key: meter })) {
    if (!isShown(view, use.customer)) continue
    const lead = html`<span><code>${use.id}</code></span><span class="sub">${customerName(ctx, use.customer)} · ${time(use.at)}</span>`
    rows.push(row(use.id, lead, html`<span>${use.value}</span>${tag(use.state)}`))
    if (rows.length === most) break
  }
  return rows
}

/** Rows of what each customer has used of a meter in the hours, or days, that were counted last. */
export function usageRows(view: View, most: number, meter: string): Html[] {
  const { ctx } = view
  const rows: Html[] = []
  for (const { id, customer, start, sum, count } of ctx.store.newest('meter_usage', {
    index: 'meter',
    key: meter,
  })) {
    if (!isShown(view, customer)) continue
    const lead = html`<span>${customerName(ctx, customer)}</span><span class="sub">from ${time(start)}</span>`
    rows.push(row(id, lead, html`<span>${sum} in ${count}</span>`))
    if (rows.length === most) break
  }
  return rows
}

/** Rows of events; `about`: only those of one object. */
export function eventRows(view: View, most: number, about?: string): Html[] {
  const rows: Html[] = []
  for (const event of view.ctx.store.newest('events')) {
    const wanted =
      about === undefined ? isShown(view, customerOf(event)) : event.data.object.id === about
    if (wanted) rows.push(eventRow(view, event, about))
    if (rows.length === most) break
  }
  return rows
}

function customerOf({ data: { object } }: Event): unknown {
  if ('customer' in object) return object.customer
  return object.object === 'customer' ? object.id : null
}

function eventRow({ ctx }: View, event: Event, about: string | undefined): Html {
  const { id, type, created, data } = event
  const customer = customerOf(event)
  const who = typeof customer === 'string' ? ` · ${customerName(ctx, customer)}` : ''
  const object = ctx.store.locate(data.object.id ?? '') === null ? null : data.object.id
  const link = object === null ? null : html` · <a href="/o/${object}"><code>${object}</code></a>`
  const what = about === undefined ? html`${link}${who}` : null
  const lead = html`${objectLink(id, typeText(type))}<span class="sub">${time(created)}${what}</span>`
  return row(id, lead, deliveryState(ctx, event))
}

/** Rows of webhook deliveries; `about`: only those of one event. */
export function deliveryRows(view: View, most: number, about?: string): Html[] {
  const { store } = view.ctx
  const rows: Html[] = []
  const all =
    about === undefined
      ? store.newest('deliveries')
      : store.find('deliveries', { index: 'event', key: about })
  for (const delivery of all) {
    const event = store.get('events', delivery.event)
    if (event === undefined || !isShown(view, customerOf(event))) continue
    const { id, url, status, attempts } = delivery
    const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`
    rows.push(
      row(
        id,
        html`${objectLink(id, typeText(event.type))}<span class="sub" title="${url}">${time(event.created)} · ${lastResponse(delivery)} · ${tries} · ${url}</span>`,
        html`${status === 'succeeded' ? null : tag(status)}${callButton({ call: `POST /_emulator/deliveries/${id}/resend`, text: 'Resend', done: 'Sent again', id: `resend-${id}` })}`,
      ),
    )
    if (rows.length === most) break
  }
  return rows
}

function lastResponse({ log = [], lastError }: Delivery): string {
  const last = log.at(-1)
  if (last?.fault === 'drop') return 'dropped by a fault'
  if (last === undefined || last.error !== null) return lastError ?? 'not sent yet'
  return `${last.status}`
}
