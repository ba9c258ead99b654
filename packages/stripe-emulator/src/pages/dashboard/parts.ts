import { fromSeconds } from '../../core/clock.ts'
import type { Context } from '../../core/context.ts'
import type { Delivery, Event } from '../../documents.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'

const GOOD = new Set(['active', 'paid', 'succeeded', 'complete', 'ready', 'enabled'])
const BAD = new Set(['past_due', 'unpaid', 'uncollectible', 'failed', 'incomplete_expired'])
const WARN = new Set(['incomplete', 'open', 'pending', 'trialing', 'requires_action', 'paused'])

/** A status as a small label. */
export function tag(status: string | null): Html {
  if (status === null) return html``
  return html`<span class="tag${toneOf(status)}">${status.replaceAll('_', ' ')}</span>`
}

function toneOf(status: string): string {
  if (GOOD.has(status)) return ' good'
  if (BAD.has(status)) return ' bad'
  return WARN.has(status) ? ' warn' : ''
}

/** An instant in UTC: `10 Nov 2026, 18:29`. */
export function timeText(seconds: number): string {
  const date = fromSeconds(seconds)
  const format = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  return format.format(date)
}

/** An instant as a `<time>` element. */
export function time(seconds: number): Html {
  return html`<time datetime="${fromSeconds(seconds).toISOString()}">${timeText(seconds)}</time>`
}

/** A link to the page of an object. */
export function objectLink(id: string, text: Html | string = id): Html {
  return html`<a href="/o/${id}">${text}</a>`
}

/** An event type that may wrap between its words. */
export function typeText(type: string): Html {
  return html`${type.split(/(?<=[._])/).map((word) => html`${word}<wbr>`)}`
}

/** A customer's e-mail, name or id. */
export function customerName(ctx: Context, id: unknown): string {
  if (typeof id !== 'string') return '–'
  const customer = ctx.store.get('customers', id)
  return customer?.email ?? customer?.name ?? id
}

/** A row of a list. */
export function row(id: string, lead: Html, end: Html): Html {
  return html`<li id="row-${id}"><div class="lead">${lead}</div><div class="end">${end}</div></li>`
}

/** A list with a heading; the script refreshes it. */
export function listCard(about: {
  id: string
  title: string
  rows: readonly Html[]
  more?: Html | undefined
  none: string
}): Html {
  const { id, title, rows, more, none } = about
  const list =
    rows.length === 0 ? html`<p class="none">${none}</p>` : html`<ul class="rows">${rows}</ul>`
  return html`<section class="card" aria-labelledby="${id}-title"><header><h2 id="${id}-title">${title}</h2>${more}</header>
<div id="${id}" data-live>${list}</div></section>`
}

/** A button that calls a control endpoint. */
export function callButton(about: {
  call: string
  text: string
  done: string
  id: string
  body?: object | undefined
  tone?: 'main' | 'bad' | undefined
  confirm?: string | undefined
}): Html {
  const { call, text, done, id, body = {}, tone = '', confirm } = about
  const ask = confirm === undefined ? html`` : html` data-confirm="${confirm}"`
  return html`<form data-call="${call}" data-body="${JSON.stringify(body)}" data-done="${done}"${ask}><button class="${tone}" id="${id}">${text}</button></form>`
}

/** The delivery state of the webhooks of an event. */
export function deliveryState(ctx: Context, event: Event): Html {
  const deliveries = ctx.store.find('deliveries', { index: 'event', key: event.id })
  if (deliveries.length === 0) return html`<span class="sub">no endpoint</span>`
  const has = (status: Delivery['status']) =>
    deliveries.some((delivery) => delivery.status === status)
  if (has('failed')) return tag('failed')
  return has('pending') ? tag('pending') : html`<span class="sub">delivered</span>`
}
