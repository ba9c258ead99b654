import type { Context } from '../../core/context.ts'
import { formatMoney } from '../../core/money.ts'
import type { CheckoutSession } from '../../documents.ts'
import { priceAmount } from '../../resources/catalog/amount.ts'
import { requirePrice } from '../../resources/catalog/price.ts'
import { cancelUrl, successUrl } from '../../resources/checkout/complete.ts'
import { requireOrder } from '../../resources/checkout/session.ts'
import type { CardInput } from '../card-form.ts'
import { cardFields, testCardHints } from '../card-form.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { errorBox, page } from '../layout.ts'
import { intervalText, priceText, productName } from '../texts.ts'

/** The page of an open session: the items and the card form. */
export function checkoutPage(
  ctx: Context,
  session: CheckoutSession,
  form: { typed: CardInput; error: string | null },
): string {
  const known = session.customer === null ? null : ctx.store.get('customers', session.customer)
  const email = known?.email ?? session.customer_email ?? form.typed.email
  const fixed = (known?.email ?? session.customer_email) !== null && email !== ''
  return page(
    'Checkout',
    html`${backLink(session)}
<div class="two">
${summary(ctx, session)}
<section class="card">
<h1>${session.mode === 'setup' ? 'Card' : 'Pay with card'}</h1>
${errorBox(form.error)}
<form method="post" action="/c/pay/${session.id}">
<label>Email
<input name="email" type="email" autocomplete="email" value="${email}" ${fixed ? 'readonly' : 'required'}></label>
${cardFields(form.typed)}
<button class="main wide" type="submit">${actionText(session)}</button>
</form>
${testCardHints()}
</section>
</div>`,
  )
}

function backLink(session: CheckoutSession): Html {
  const url = cancelUrl(session)
  return url === null ? html`` : html`<a class="back" href="${url}">← Back</a>`
}

function summary(ctx: Context, session: CheckoutSession): Html {
  const order = requireOrder(ctx, session.id)
  const lines = order.items.map(({ price: id, quantity }) => {
    const price = requirePrice(ctx, id)
    const name = productName(ctx, price)
    return { name, price, quantity }
  })
  if (session.mode === 'setup') {
    return html`<section><p class="soft">Save a card for later payments</p></section>`
  }
  const [first] = lines
  const currency = session.currency ?? first?.price.currency ?? 'usd'
  const interval = first === undefined ? '' : intervalText(first.price)
  const total = lines.reduce(
    (sum, { price, quantity }) => sum + priceAmount(ctx, price, { quantity, currency }),
    0,
  )
  const trial =
    order.trialPeriodDays === null ? null : html`<p>${order.trialPeriodDays} days free, then</p>`
  const verb = session.mode === 'payment' ? 'Pay for' : 'Subscribe to'
  return html`<section>
<p class="soft">${verb} ${lines.map((line) => line.name).join(', ')}</p>
${trial}
<p class="price">${formatMoney(total, session.currency ?? 'usd')} <small>${interval}</small></p>
${lines.map((line) => html`<div class="row"><span>${line.name}${line.quantity > 1 ? ` × ${line.quantity}` : ''}</span><span>${priceText(ctx, line.price, { quantity: line.quantity, currency })}</span></div>`)}
<div class="row"><strong>Total due today</strong><strong>${formatMoney(session.amount_total ?? 0, session.currency ?? 'usd')}</strong></div>
</section>`
}

/** The text of the button that completes a session. */
function actionText(session: CheckoutSession): string {
  if (session.mode === 'setup') return 'Save card'
  if (session.mode === 'payment') {
    return `Pay ${formatMoney(session.amount_total ?? 0, session.currency ?? 'usd')}`
  }
  return session.amount_total === 0 ? 'Start trial' : 'Subscribe'
}

/** The page of a session that is paid or expired. */
export function checkoutOverPage(session: CheckoutSession): string {
  if (session.status === 'complete') {
    return page(
      'Payment complete',
      html`<section class="card"><h1>${session.mode === 'setup' ? 'Your card is saved' : 'You have already paid'}</h1>
<p>This checkout is complete.</p>
<p><a class="button main" href="${successUrl(session)}">Continue</a></p></section>`,
    )
  }
  return page(
    'Checkout expired',
    html`<section class="card"><h1>This checkout has expired</h1>
<p>Nothing was charged. Go back and start again.</p>
${backLink(session)}</section>`,
  )
}
