import { formatMoney } from '../../core/money.ts'
import type { Invoice } from '../../documents.ts'
import type { CardInput } from '../card-form.ts'
import { cardFields, testCardHints } from '../card-form.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { errorBox, page } from '../layout.ts'
import { dayText, statusTag } from '../texts.ts'

/** The hosted page of an invoice: lines, totals, and a card form while it is open. */
export function invoicePage(
  invoice: Invoice,
  base: string,
  form: { typed: CardInput; error: string | null },
): string {
  const money = (amount: number) => formatMoney(amount, invoice.currency)
  const isOpen = invoice.status === 'open' || invoice.status === 'uncollectible'
  const balance = invoice.amount_due - invoice.total
  return page(
    `Invoice ${invoice.number ?? ''}`,
    html`<section class="card">
<div class="row"><div><h1>Invoice ${invoice.number ?? ''}</h1>
<p class="soft">${dayText(invoice.created)} · ${invoice.customer_email ?? invoice.customer_name ?? ''}</p></div>
<div>${statusTag(invoice.status ?? '')}</div></div>
${invoice.lines.data.map((line) => html`<div class="row"><span>${line.description}<br><span class="soft">${dayText(line.period.start)} – ${dayText(line.period.end)}</span></span><span>${money(line.amount)}</span></div>`)}
<div class="row"><span>Total</span><span>${money(invoice.total)}</span></div>
${balance === 0 ? null : html`<div class="row"><span>Customer balance</span><span>${money(balance)}</span></div>`}
<div class="row"><strong>${isOpen ? 'Amount due' : 'Amount paid'}</strong><strong>${money(isOpen ? invoice.amount_remaining : invoice.amount_paid)}</strong></div>
<div class="actions"><a class="button" href="${base}/pdf">Download PDF</a></div>
</section>
${isOpen ? payForm(base, form) : null}`,
  )
}

function payForm(base: string, form: { typed: CardInput; error: string | null }): Html {
  return html`<section class="card"><h2>Pay this invoice</h2>
${errorBox(form.error)}
<form method="post" action="${base}/pay">${cardFields(form.typed)}
<button class="main wide">Pay</button></form>
${testCardHints()}</section>`
}
