import type { CardDetails } from '../resources/payments/methods/payment-method.ts'
import type { Html } from './html.ts'
import { html } from './html.ts'

/** The input of a card form, to show it again beside an error. */
export interface CardInput {
  number: string
  expiry: string
  name: string
  email: string
}

export const EMPTY_CARD: CardInput = { number: '', expiry: '', name: '', email: '' }

/** The fields of a posted card form. */
export function readCardInput(form: Record<string, unknown>): CardInput {
  return {
    number: textOf(form, 'cardNumber'),
    expiry: textOf(form, 'cardExpiry'),
    name: textOf(form, 'billingName'),
    email: textOf(form, 'email'),
  }
}

function textOf(form: Record<string, unknown>, field: string): string {
  const value = form[field]
  return typeof value === 'string' ? value.trim() : ''
}

/** The card of a posted form; a malformed number or date becomes one that is declined. */
export function readCard(form: Record<string, unknown>): CardDetails {
  const { number, expiry } = readCardInput(form)
  const [, month = '0', year = '0'] = /^(\d{1,2})\s*\/?\s*(\d{2}|\d{4})$/.exec(expiry) ?? []
  return {
    number: number.replace(/[\s-]/g, ''),
    expMonth: Number(month),
    expYear: year.length === 2 ? 2000 + Number(year) : Number(year),
    cvc: textOf(form, 'cardCvc'),
  }
}

/** The fields for number, date, security code and name, filled with earlier input except the code. */
export function cardFields(typed: CardInput): Html {
  return html`<label>Card number
<input name="cardNumber" inputmode="numeric" autocomplete="cc-number" placeholder="4242 4242 4242 4242" value="${typed.number}" required></label>
<div class="pair">
<label>Expiration (MM / YY)
<input name="cardExpiry" inputmode="numeric" autocomplete="cc-exp" placeholder="12 / 34" value="${typed.expiry}" required></label>
<label>CVC
<input name="cardCvc" inputmode="numeric" autocomplete="cc-csc" placeholder="123" maxlength="4" required></label>
</div>
<label>Name on card
<input name="billingName" autocomplete="cc-name" value="${typed.name}"></label>`
}

const HINTS: readonly (readonly [number: string, meaning: string])[] = [
  ['4242 4242 4242 4242', 'pays'],
  ['4000 0000 0000 0002', 'is declined'],
  ['4000 0000 0000 9995', 'has insufficient funds'],
  ['4000 0000 0000 0341', 'attaches, then fails when charged'],
  ['4000 0025 0000 3155', 'needs 3-D Secure, once'],
  ['4000 0027 6000 3184', 'needs 3-D Secure, always'],
]

/** The list of test cards. */
export function testCardHints(): Html {
  const rows = HINTS.map(
    ([number, meaning]) =>
      html`<div class="row"><code>${number}</code><span>${meaning}</span></div>`,
  )
  return html`<details><summary>Test cards</summary>
<p>Use any future date and any three digits.</p>
${rows}</details>`
}
