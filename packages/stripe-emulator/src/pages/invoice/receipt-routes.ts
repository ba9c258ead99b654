import { noSuch } from '../../core/errors.ts'
import { formatMoney } from '../../core/money.ts'
import { html } from '../html.ts'
import { page } from '../layout.ts'
import type { PageServer } from '../page-server.ts'
import { dayText } from '../texts.ts'

/** The page with the receipt of a charge. */
export function serveReceipts(server: PageServer): void {
  server.get('/receipts/:id', ({ path }) => {
    const id = path['id'] ?? ''
    const charge = server.run((ctx) => ctx.store.get('charges', id))
    if (charge === undefined) throw noSuch('charge', id)
    const { last4, brand } = charge.payment_method_details?.card ?? {}
    return {
      body: page(
        'Receipt',
        html`<section class="card"><h1>Receipt</h1>
<div class="row"><span>Amount paid</span><strong>${formatMoney(charge.amount_captured, charge.currency)}</strong></div>
<div class="row"><span>Date paid</span><span>${dayText(charge.created)}</span></div>
<div class="row"><span>Payment method</span><span>${brand} •••• ${last4}</span></div>
${charge.amount_refunded > 0 ? html`<div class="row"><span>Refunded</span><span>${formatMoney(charge.amount_refunded, charge.currency)}</span></div>` : null}</section>`,
      ),
    }
  })
}
