import type { Context } from '../../core/context.ts'
import { formatMoney } from '../../core/money.ts'
import type { CheckoutSession, PaymentMethod } from '../../documents.ts'
import { needsCard, savedCards } from '../../resources/checkout/complete/complete.ts'
import { cancelUrl, completionUrl, requireOrder } from '../../resources/checkout/session.ts'
import { cardFields, readCardInput, testCardHints } from '../card-form.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { errorBox, page } from '../layout.ts'
import type { Typed } from './fields.ts'
import {
  billingFields,
  consentFields,
  contactFields,
  customFields,
  emailField,
  message,
  shippingFields,
  taxButton,
  taxIdFields,
} from './fields.ts'
import { orderSummary } from './summary.ts'

/** What was typed, and why it was refused: the payment, or the promotion code. */
export interface Form {
  typed: Typed
  error: string | null
  codeError?: string
}

/** The page of an open session: the items and the form. */
export function checkoutPage(ctx: Context, session: CheckoutSession, form: Form): string {
  const { typed, error, codeError = null } = form
  const customer = session.customer === null ? null : ctx.store.get('customers', session.customer)
  const known = customer?.email ?? session.customer_email
  const { custom_text: text } = session
  const asksCard = needsCard(session)
  return page(
    'Checkout',
    html`${backLink(session)}
<div class="two">
${orderSummary(ctx, session, { typed, codeError })}
<section class="card">
<h1>${session.mode === 'setup' ? 'Card' : asksCard ? 'Pay with card' : 'Confirm your order'}</h1>
${errorBox(error)}
<form method="post" action="/c/pay/${session.id}" ${leavesFrame(session)}>
${emailField(typed, known)}
${contactFields(session, typed)}
${shippingFields(session, typed)}
${asksCard ? savedCards(ctx, session).map(savedCardButton) : null}
${asksCard ? cardFields(readCardInput(typed)) : null}
${billingFields(ctx, session, typed)}
${taxIdFields(session, typed)}
${taxButton(session)}
${customFields(session, typed)}
${consentFields(session, typed)}
${message(text.submit)}
<button class="main wide" type="submit">${actionText(ctx, session)}</button>
${message(text.after_submit)}
</form>
${asksCard ? testCardHints() : null}
</section>
</div>`,
  )
}

/** An embedded page that is followed by a redirect leaves its frame with it. */
function leavesFrame(session: CheckoutSession): Html | null {
  const leaves = session.ui_mode === 'embedded_page' && completionUrl(session) !== null
  return leaves ? html`target="_top"` : null
}

function savedCardButton({ id, card }: PaymentMethod): Html {
  return html`<p><button class="wide" name="savedMethod" value="${id}" formnovalidate>Pay with ${card?.brand ?? 'card'} •••• ${card?.last4 ?? ''}</button></p>`
}

function backLink(session: CheckoutSession): Html {
  const url = cancelUrl(session)
  return url === null ? html`` : html`<a class="back" href="${url}">← Back</a>`
}

const VERBS: Readonly<Record<string, string>> = {
  book: 'Book',
  donate: 'Donate',
  subscribe: 'Subscribe',
}

/** The text of the button that completes a session. */
function actionText(ctx: Context, session: CheckoutSession): string {
  const { mode, submit_type: type, amount_total: total } = session
  if (mode === 'setup') return 'Save card'
  if (mode === 'payment') {
    if (total === 0) return 'Complete order'
    return VERBS[type ?? ''] ?? `Pay ${formatMoney(total ?? 0, session.currency ?? 'usd')}`
  }
  const { trialEnd, trialPeriodDays } = requireOrder(ctx, session.id)
  return trialEnd === null && trialPeriodDays === null ? 'Subscribe' : 'Start trial'
}

/** The page of a session that is paid or expired. */
export function checkoutOverPage(session: CheckoutSession): string {
  if (session.status === 'complete') {
    const url = completionUrl(session)
    return page(
      'Payment complete',
      html`<section class="card"><h1>${session.mode === 'setup' ? 'Your card is saved' : 'You have already paid'}</h1>
<p>This checkout is complete.</p>
${url === null ? null : html`<p><a class="button main" href="${url}" target="_top">Continue</a></p>`}</section>`,
    )
  }
  return page(
    'Checkout expired',
    html`<section class="card"><h1>This checkout has expired</h1>
<p>Nothing was charged. Go back and start again.</p>
${backLink(session)}</section>`,
  )
}
