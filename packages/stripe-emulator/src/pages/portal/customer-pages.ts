import type { Customer } from '../../documents.ts'
import type { Portal } from '../../resources/portal/session.ts'
import type { CustomerDetails } from '../../resources/portal/update-customer.ts'
import { allowedUpdates } from '../../resources/portal/update-customer.ts'
import type { CardInput } from '../card-form.ts'
import { cardFields, testCardHints } from '../card-form.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { errorBox, page } from '../layout.ts'
import { backLink } from './plan-pages.ts'

/** The page with the form for a new card. */
export function cardPage(
  portal: Portal,
  base: string,
  form: { typed: CardInput; error: string | null },
): string {
  return page(
    'Add payment method',
    html`${backLink(portal, base)}
<section class="card"><h1>Add payment method</h1>
${errorBox(form.error)}
<form method="post" action="${base}/card">${cardFields(form.typed)}
<button class="main wide">Add</button></form>
${testCardHints()}</section>`,
  )
}

type Address = NonNullable<Customer['address']>

const ADDRESS = [
  ['line1', 'Address line 1', 'address-line1'],
  ['line2', 'Address line 2', 'address-line2'],
  ['city', 'City', 'address-level2'],
  ['postal_code', 'Postal code', 'postal-code'],
  ['state', 'State or region', 'address-level1'],
  ['country', 'Country (two letters)', 'country'],
] as const

function addressFields(
  prefix: 'billing' | 'shipping',
  address: Address | null | undefined,
): Html[] {
  return ADDRESS.map(
    ([name, label, complete]) => html`<label>${label}
<input name="${prefix}-${name}" autocomplete="${prefix} ${complete}" value="${address?.[name]}"${name === 'country' ? html` maxlength="2"` : null}></label>`,
  )
}

/** The page on which a customer changes the details that the configuration allows. */
export function detailsPage(portal: Portal, base: string, error: string | null): string {
  const { customer } = portal
  const allowed = allowedUpdates(portal)
  const { name, email, phone, shipping } = customer
  return page(
    'Update information',
    html`${backLink(portal, base)}
<section class="card"><h1>Update information</h1>
${errorBox(error)}
<form method="post" action="${base}/details">
${allowed.includes('name') ? html`<label>Name<input name="name" autocomplete="name" value="${name}"></label>` : null}
${allowed.includes('email') ? html`<label>Email<input name="email" type="email" autocomplete="email" value="${email}" required></label>` : null}
${allowed.includes('phone') ? html`<label>Phone number<input name="phone" type="tel" autocomplete="tel" value="${phone}"></label>` : null}
${
  allowed.includes('address')
    ? html`<fieldset><legend>Billing address</legend>${addressFields('billing', customer.address)}</fieldset>`
    : null
}
${
  allowed.includes('shipping')
    ? html`<fieldset><legend>Shipping address</legend>
<label>Name<input name="shippingName" autocomplete="shipping name" value="${shipping?.name}"></label>
${addressFields('shipping', shipping?.address)}</fieldset>`
    : null
}
<button class="main wide">Save</button></form></section>`,
  )
}

/** The posted form of the details. */
export function readDetails(form: Record<string, unknown>): CustomerDetails {
  const read = (name: string): string | null => {
    const value = form[name]
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
  }
  const address = (prefix: 'billing' | 'shipping'): Address => ({
    city: read(`${prefix}-city`),
    country: read(`${prefix}-country`)?.toUpperCase() ?? null,
    line1: read(`${prefix}-line1`),
    line2: read(`${prefix}-line2`),
    postal_code: read(`${prefix}-postal_code`),
    state: read(`${prefix}-state`),
  })
  return {
    email: read('email'),
    name: read('name'),
    phone: read('phone'),
    address: address('billing'),
    shipping: { name: read('shippingName'), address: address('shipping') },
  }
}

/** The page on which a customer logs in by e-mail address. */
export function loginPage(action: string, error: string | null): string {
  return page(
    'Log in',
    html`<section class="card"><h1>Manage your billing</h1>
${errorBox(error)}
<p>Enter the address that you pay with. (Stripe sends a link there; the local one opens the portal at once.)</p>
<form method="post" action="${action}">
<label>Email<input name="email" type="email" autocomplete="email" required></label>
<button class="main wide">Continue</button></form></section>`,
  )
}
