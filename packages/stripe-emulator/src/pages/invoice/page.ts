import { ACCOUNT } from '../../core/account.ts'
import type { Context } from '../../core/context.ts'
import { formatMoney } from '../../core/money.ts'
import type { Invoice } from '../../documents.ts'
import type { CardInput } from '../card-form.ts'
import { cardFields, testCardHints } from '../card-form.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { errorBox, page } from '../layout.ts'
import { dayText, statusTag } from '../texts.ts'
import { lineTable, totalsTable } from './tables.ts'

type Address = Partial<Record<string, string | null>> | null

/** The hosted page of an invoice, which prints as a document; with a card form while it is open. */
export function invoicePage(
  ctx: Context,
  invoice: Invoice,
  about: { base: string; typed: CardInput; error: string | null },
): string {
  const { base } = about
  const isOpen = invoice.status === 'open' || invoice.status === 'uncollectible'
  return page(
    `Invoice ${invoice.number ?? ''}`,
    html`<section class="card document">
<div class="row head"><div><h1>Invoice</h1>${facts(invoice)}</div><div>${statusTag(invoice.status ?? '')}</div></div>
<div class="parties"><div><h2>From</h2>${seller()}</div><div><h2>Bill to</h2>${buyer(invoice)}</div>${recipient(invoice)}</div>
<p class="price">${formatMoney(isOpen ? invoice.amount_remaining : invoice.total, invoice.currency)} <small>${isOpen ? dueText(invoice) : ''}</small></p>
${paragraph(invoice.description)}
${lineTable(invoice)}
${totalsTable(ctx, invoice)}
${paragraph(invoice.footer)}
<div class="actions noprint"><a class="button" href="${base}/pdf">Download PDF</a></div>
</section>
${isOpen ? payForm(about) : null}`,
  )
}

function facts(invoice: Invoice): Html {
  const rows: (readonly [string, string | null])[] = [
    ['Number', invoice.number],
    ['Date', dayText(invoice.effective_at ?? invoice.created)],
    ['Due', invoice.due_date === null ? null : dayText(invoice.due_date)],
    ...(invoice.custom_fields ?? []).map(({ name, value }) => [name, value] as const),
  ]
  const shown = rows.flatMap(([name, value]) =>
    value === null ? [] : [html`<dt>${name}</dt><dd>${value}</dd>`],
  )
  return html`<dl class="facts">${shown}</dl>`
}

function dueText({ due_date: due }: Invoice): string {
  return due === null ? 'due now' : `due ${dayText(due)}`
}

function seller(): Html {
  return html`<address>${lines([ACCOUNT.name, ...addressLines(ACCOUNT.address), ACCOUNT.supportEmail])}</address>`
}

function buyer(invoice: Invoice): Html {
  const taxIds = (invoice.customer_tax_ids ?? []).map(
    ({ type, value }) => `${type.replaceAll('_', ' ').toUpperCase()} ${value ?? ''}`,
  )
  const { customer_name: name, customer_email: email, customer_phone: phone } = invoice
  const texts = [name, ...addressLines(invoice.customer_address), email, phone, ...taxIds]
  return html`<address>${lines(texts)}</address>`
}

function recipient({ customer_shipping: shipping }: Invoice): Html | null {
  if (shipping === null) return null
  const texts = [shipping.name ?? null, ...addressLines(shipping.address ?? null)]
  return html`<div><h2>Ship to</h2><address>${lines(texts)}</address></div>`
}

function addressLines(address: Address): string[] {
  if (address === null) return []
  const city = [address['postal_code'], address['city'], address['state']]
    .filter((part) => part != null && part !== '')
    .join(' ')
  return [address['line1'], address['line2'], city, address['country']].filter(
    (part): part is string => typeof part === 'string' && part !== '',
  )
}

function lines(texts: readonly (string | null | undefined)[]): Html {
  const given = texts.filter((text) => text != null && text !== '')
  return html`${given.map((text, index) => (index === 0 ? html`${text}` : html`<br>${text}`))}`
}

function paragraph(text: string | null): Html | null {
  return text === null || text === '' ? null : html`<p>${text}</p>`
}

function payForm({
  base,
  typed,
  error,
}: {
  base: string
  typed: CardInput
  error: string | null
}): Html {
  return html`<section class="card noprint"><h2>Pay this invoice</h2>
${errorBox(error)}
<form method="post" action="${base}/pay">${cardFields(typed)}
<button class="main wide">Pay</button></form>
${testCardHints()}</section>`
}
