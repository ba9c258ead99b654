import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { filterForm } from './layout.ts'
import type { Rows } from './lists.ts'
import {
  customerRows,
  deliveryRows,
  eventRows,
  invoiceRows,
  meterRows,
  subscriptionRows,
} from './lists.ts'
import { callButton, listCard } from './parts.ts'
import type { View } from './view.ts'
import { isShown, pageAt } from './view.ts'

const SHORT = 6
const EVENTS = 14
const LONG = 100

const PAYING = ['active', 'trialing', 'past_due']

/** The first page: counts, and the newest objects and events. */
export function overview(view: View): Html {
  const more = (path: string) => html`<a href="${pageAt(view, path)}">All</a>`
  const subscribe = callButton({
    call: 'POST /_emulator/scenarios/subscribe',
    text: 'New subscriber',
    done: 'A new customer has subscribed',
    id: 'subscribe',
    tone: 'main',
  })
  return html`<div class="head"><h1>Overview</h1>${subscribe}${filterForm(view, '/')}</div>
${tiles(view)}
<div class="cols">
<div class="stack">
${listCard({ id: 'subscriptions', title: 'Subscriptions', rows: subscriptionRows(view, SHORT), more: more('/subscriptions'), none: 'No subscriptions yet. “New subscriber” makes one, with a customer, a card and a plan.' })}
${listCard({ id: 'invoices', title: 'Invoices', rows: invoiceRows(view, SHORT), more: more('/invoices'), none: 'No invoices yet.' })}
${listCard({ id: 'customers', title: 'Customers', rows: customerRows(view, SHORT), more: more('/customers'), none: 'No customers yet.' })}
</div>
<div class="stack">
${listCard({ id: 'events', title: 'Events', rows: eventRows(view, EVENTS), more: more('/events'), none: 'No events yet.' })}
</div>
</div>`
}

function tiles(view: View): Html {
  const { store } = view.ctx
  const at = (path: string) => pageAt(view, path)
  const customers =
    view.customers === null
      ? store.count('customers')
      : [...view.customers].filter((id) => store.get('customers', id) !== undefined).length
  const subscriptions = count(view, 'subscriptions', PAYING)
  const open = count(view, 'invoices', ['open'])
  const failed = store.find('deliveries', { index: 'status', key: 'failed' }).length
  const pending = store.find('deliveries', { index: 'status', key: 'pending' }).length
  return html`<div class="tiles" id="tiles" data-live>
${tile({ path: at('/customers'), count: customers, text: 'customers' })}
${tile({ path: at('/subscriptions'), count: subscriptions, text: 'active subscriptions' })}
${tile({ path: at('/invoices'), count: open, text: 'open invoices', bad: open > 0 })}
${tile({ path: at('/webhooks'), count: failed + pending, text: 'undelivered webhooks', bad: failed > 0 })}
</div>`
}

/** How many documents with one of the statuses the filter shows. */
function count(
  view: View,
  name: 'invoices' | 'subscriptions',
  statuses: readonly string[],
): number {
  const { store } = view.ctx
  const all = store.countBy(name, 'status')
  const counts = statuses.map((status) =>
    view.customers === null
      ? (all[status] ?? 0)
      : store
          .find(name, { index: 'status', key: status })
          .filter(({ customer }) => isShown(view, customer)).length,
  )
  return counts.reduce((sum, one) => sum + one, 0)
}

function tile(about: {
  path: string
  count: number
  text: string
  bad?: boolean | undefined
}): Html {
  const tone = about.bad === true ? ' bad' : ''
  return html`<a class="tile${tone}" href="${about.path}"><b>${about.count}</b><span>${about.text}</span></a>`
}

/** The pages with one long list. */
export const LISTS: readonly { path: string; title: string; rows: Rows; none: string }[] = [
  { path: '/customers', title: 'Customers', rows: customerRows, none: 'No customers.' },
  {
    path: '/subscriptions',
    title: 'Subscriptions',
    rows: subscriptionRows,
    none: 'No subscriptions.',
  },
  { path: '/invoices', title: 'Invoices', rows: invoiceRows, none: 'No invoices.' },
  { path: '/meters', title: 'Meters', rows: meterRows, none: 'No meters.' },
  { path: '/events', title: 'Events', rows: eventRows, none: 'No events.' },
  {
    path: '/webhooks',
    title: 'Webhooks',
    rows: deliveryRows,
    none: 'No webhooks: no endpoint is subscribed to the events so far.',
  },
]

/** One of those pages. */
export function listPage(view: View, list: (typeof LISTS)[number]): Html {
  const { path, title, rows, none } = list
  return html`<div class="head"><h1>${title}</h1>${filterForm(view, path)}</div>
${listCard({ id: 'list', title: `The newest ${LONG}`, rows: rows(view, LONG), none })}`
}
