import type { Context } from '../../core/context.ts'
import { formatMoney } from '../../core/money.ts'
import type { CollectionName, Delivery } from '../../documents.ts'
import { TYPES } from '../../resources/events/triggerable.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { itemText, productName } from '../texts.ts'
import { jsonMarkup } from './json.ts'
import {
  deliveryRows,
  eventRows,
  invoiceRows,
  reportedRows,
  subscriptionRows,
  usageRows,
} from './lists.ts'
import { callButton, customerName, listCard, objectLink, tag, timeText } from './parts.ts'
import type { View } from './view.ts'

const EVENTS = 30

/** The page of one object: its JSON, its actions and its events. */
export function objectPage(view: View, collection: CollectionName, id: string): Html {
  const doc = view.ctx.store.locate(id)?.[1] ?? {}
  const status = 'status' in doc && typeof doc.status === 'string' ? doc.status : null
  const noun = 'object' in doc ? String(doc.object) : 'webhook'
  const trigger = triggerForm(collection, id)
  return html`<div class="head"><div><p class="soft small">${noun.replaceAll('_', ' ')}</p><h1 class="mono">${id}</h1></div><span id="status" data-live>${tag(status)}</span></div>
<div class="cols object">
<section class="card"><header><h2>JSON</h2></header><div id="json" data-live>${jsonMarkup(view.ctx, doc)}</div></section>
<div class="stack">
<section class="card"><div class="inner"><div id="facts" data-live>${facts(view, id, doc)}</div><div id="actions" data-live>${actions(view, collection, id)}</div>${trigger}</div></section>
${related(view, collection, id)}
</div>
</div>`
}

function triggerForm(collection: CollectionName, id: string): Html | null {
  const types = TYPES[collection]
  if (types === undefined) return null
  const options = types.map((type) => html`<option>${type}</option>`)
  return html`<form class="group" data-call="POST /_emulator/trigger" data-body="${JSON.stringify({ object: id })}" data-done="Event sent"><select name="type" aria-label="Type of event">${options}</select><button>Trigger</button></form>`
}

function facts({ ctx }: View, id: string, given: object): Html {
  const doc: Record<string, unknown> = { ...given }
  const { customer, total, currency, created, type, event } = doc
  const hosted = hostedPage(doc)
  const hasTotal = typeof total === 'number' && typeof currency === 'string'
  return html`<dl>
${fact('Type', typeof type === 'string' ? type : null)}
${fact('Event', typeof event === 'string' ? objectLink(event, ctx.store.get('events', event)?.type) : null)}
${fact('Customer', typeof customer === 'string' ? objectLink(customer, customerName(ctx, customer)) : null)}
${fact('Total', hasTotal ? formatMoney(total, currency) : null)}
${subscriptionFacts(ctx, id)}
${fact('Created', typeof created === 'number' ? timeText(created) : null)}
${fact('Page', hosted === null ? null : html`<a href="${hosted}" rel="noreferrer">Open the hosted page</a>`)}
</dl>`
}

function hostedPage(doc: Record<string, unknown>): string | null {
  const { hosted_invoice_url: invoice, url, object } = doc
  if (typeof invoice === 'string') return invoice
  const hosts = object === 'checkout.session' || object === 'billing_portal.session'
  return hosts && typeof url === 'string' ? url : null
}

function fact(name: string, value: Html | string | null): Html {
  return value === null ? html`` : html`<dt>${name}</dt><dd>${value}</dd>`
}

function subscriptionFacts(ctx: Context, id: string): Html {
  const subscription = ctx.store.get('subscriptions', id)
  const [item] = subscription?.items.data ?? []
  if (subscription === undefined || item === undefined) return html``
  const { latest_invoice: invoice, default_payment_method: card } = subscription
  const period = `${timeText(item.current_period_start)} – ${timeText(item.current_period_end)}`
  return html`${fact('Plan', `${productName(ctx, item.price)}, ${itemText(ctx, item, subscription.currency)}`)}
${fact('Period', period)}
${fact('Latest invoice', invoice === null ? null : objectLink(invoice))}
${fact('Payment method', card === null ? null : objectLink(card))}`
}

function actions(view: View, collection: CollectionName, id: string): Html {
  const scenarios = scenarioActions(view, collection, id).map(({ name, ...action }, index) =>
    callButton({ ...action, call: `POST /_emulator/scenarios/${name}`, id: `action-${index}` }),
  )
  return html`<div class="actions">${scenarios}${ownActions(collection, id)}</div>`
}

interface Action {
  name: string
  text: string
  done: string
  body: object
  tone?: 'main' | 'bad' | undefined
}

function scenarioActions({ ctx }: View, collection: CollectionName, id: string): Action[] {
  if (collection === 'subscriptions') {
    return subscriptionActions(id, ctx.store.get('subscriptions', id)?.status ?? '')
  }
  if (collection === 'customers') {
    return [
      {
        name: 'subscribe',
        text: 'Subscribe',
        done: 'Subscribed',
        body: { customer: id },
        tone: 'main',
      },
    ]
  }
  const paid = collection === 'invoices' && ctx.store.get('invoices', id)?.status === 'paid'
  return paid
    ? [
        {
          name: 'refund_invoice',
          text: 'Refund',
          done: 'Refunded',
          body: { invoice: id },
        },
      ]
    : []
}

function subscriptionActions(id: string, status: string): Action[] {
  const body = { subscription: id }
  if (status === 'canceled' || status === 'incomplete_expired') return []
  return [
    { name: 'renew', text: 'Renew', done: 'Advanced past the renewal', body },
    { name: 'fail_renewal', text: 'Fail the renewal', done: 'The renewal payment failed', body },
    {
      name: 'fail_next_payment',
      text: 'Fail the next payment',
      done: 'The next payment will fail',
      body,
    },
    { name: 'recover_payment', text: 'Recover the payment', done: 'Paid with another card', body },
    ...(status === 'trialing'
      ? [{ name: 'end_trial', text: 'End the trial', done: 'The trial has ended', body }]
      : []),
    {
      name: 'cancel',
      text: 'Cancel at period end',
      done: 'Cancels at period end',
      body: { ...body, atPeriodEnd: true },
    },
    { name: 'cancel', text: 'Cancel now', done: 'Canceled', body, tone: 'bad' },
  ]
}

function ownActions(collection: CollectionName, id: string): Html | null {
  if (collection === 'events') {
    return callButton({
      call: `POST /_emulator/events/${id}/redeliver`,
      text: 'Resend to every endpoint',
      done: 'Sent again',
      id: 'redeliver',
    })
  }
  return collection === 'deliveries'
    ? callButton({
        call: `POST /_emulator/deliveries/${id}/resend`,
        text: 'Resend',
        done: 'Sent again',
        id: 'resend',
      })
    : null
}

/** The lists of one object: its events, and a customer’s subscriptions and invoices. */
function related(view: View, collection: CollectionName, id: string): Html[] {
  const own = { ...view, customers: new Set([id]) }
  const delivery = collection === 'deliveries' ? view.ctx.store.get('deliveries', id) : undefined
  if (delivery !== undefined) return [attempts(delivery)]
  if (collection === 'events') {
    const rows = deliveryRows({ ...view, customers: null }, EVENTS, id)
    return [
      listCard({
        id: 'deliveries',
        title: 'Webhooks',
        rows,
        none: 'No endpoint is subscribed to it.',
      }),
    ]
  }
  const events = listCard({
    id: 'events',
    title: 'Events',
    rows: eventRows(view, EVENTS, id),
    none: 'None.',
  })
  if (collection === 'meters') {
    const uses = reportedRows(view, EVENTS, id)
    const usage = usageRows(view, EVENTS, id)
    return [
      listCard({ id: 'uses', title: 'Meter events', rows: uses, none: 'None.' }),
      listCard({ id: 'usage', title: 'Usage by hour', rows: usage, none: 'None.' }),
      events,
    ]
  }
  if (collection !== 'customers') return [events]
  const subscriptions = subscriptionRows(own, EVENTS)
  const invoices = invoiceRows(own, EVENTS)
  return [
    listCard({ id: 'subscriptions', title: 'Subscriptions', rows: subscriptions, none: 'None.' }),
    listCard({ id: 'invoices', title: 'Invoices', rows: invoices, none: 'None.' }),
    listCard({ id: 'events', title: 'Events', rows: eventRows(own, EVENTS), none: 'None.' }),
  ]
}

function attempts({ log = [] }: Delivery): Html {
  const rows = log.map(({ at, status, error, fault, body }, index) => {
    const outcome = status === null ? (error ?? `${fault}: not sent`) : `answered ${status}`
    const text = fault === null || status === null ? outcome : `${outcome} (${fault})`
    return html`<li id="attempt-${index}-${at}"><div class="lead"><span>${text}</span><span class="sub">${body}</span></div><div class="end sub">${timeText(at)}</div></li>`
  })
  return listCard({ id: 'attempts', title: 'Attempts', rows, none: 'Not sent yet.' })
}
