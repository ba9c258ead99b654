import type { Context } from '../../core/context.ts'
import { formatMoney } from '../../core/money.ts'
import type { Invoice } from '../../documents.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { dayText } from '../texts.ts'

/** The lines of an invoice: what, for which time, how many, how much. */
export function lineTable(invoice: Invoice): Html {
  const rows = invoice.lines.data.map(
    (line) => html`<tr>
<td>${line.description}<br><span class="soft">${periodText(line.period)}</span></td>
<td class="number">${line.quantity ?? ''}</td>
<td class="number">${formatMoney(line.amount, line.currency)}</td>
</tr>`,
  )
  return html`<table class="lines"><thead><tr><th scope="col">Description</th><th scope="col" class="number">Quantity</th><th scope="col" class="number">Amount</th></tr></thead><tbody>${rows}</tbody></table>`
}

function periodText({ start, end }: { start: number; end: number }): string {
  return start === end ? dayText(start) : `${dayText(start)} – ${dayText(end)}`
}

/** From the subtotal to what is due: discounts, taxes, the customer's balance, credit notes, payments. */
export function totalsTable(ctx: Context, invoice: Invoice): Html {
  const money = (amount: number) => formatMoney(amount, invoice.currency)
  const balance = (invoice.ending_balance ?? 0) - invoice.starting_balance
  const rows: (readonly [string, number])[] = [
    ['Subtotal', invoice.subtotal],
    ...(invoice.total_discount_amounts ?? []).map(
      ({ amount }) => ['Discount', 0 - amount] as const,
    ),
    ...(invoice.total_taxes ?? []).map((tax) => [taxText(ctx, tax), tax.amount] as const),
    ['Total', invoice.total],
    ...optional('Customer balance', invoice.status === 'draft' ? 0 : 0 - balance),
    ...optional('Credit notes', 0 - invoice.pre_payment_credit_notes_amount),
    ...optional('Paid', 0 - invoice.amount_paid),
  ]
  const shown = rows.map(
    ([text, amount]) =>
      html`<tr><th scope="row">${text}</th><td class="number">${money(amount)}</td></tr>`,
  )
  return html`<table class="totals"><tbody>${shown}<tr class="due"><th scope="row">Amount due</th><td class="number">${money(invoice.status === 'void' ? 0 : invoice.amount_remaining)}</td></tr></tbody></table>`
}

function optional(text: string, amount: number): (readonly [string, number])[] {
  return amount === 0 ? [] : [[text, amount]]
}

type Tax = NonNullable<Invoice['total_taxes']>[number]

function taxText(ctx: Context, tax: Tax): string {
  const rate = ctx.store.get('tax_rates', tax.tax_rate_details?.tax_rate ?? '')
  const name = rate === undefined ? 'Tax' : `${rate.display_name} ${rate.percentage} %`
  return tax.tax_behavior === 'inclusive' ? `${name} (included)` : name
}
