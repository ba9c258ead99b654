import type { Context } from '../../core/context.ts'
import type { CheckoutSession } from '../../documents.ts'
import { COUNTRIES } from '../../resources/checkout/params/countries.ts'
import { asksBillingAddress } from '../../resources/checkout/session.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'

/** What was typed before, by the name of the field, to show it again beside an error. */
export type Typed = Readonly<Record<string, unknown>>

function typedIn(typed: Typed, name: string): string {
  const value = typed[name]
  return typeof value === 'string' ? value : ''
}

interface Field {
  name: string
  label: string
  autocomplete?: string
  optional?: boolean
  type?: 'email' | 'tel' | 'text'
  numeric?: boolean
  value?: string | null
  least?: number | null
  most?: number | null
}

function input(typed: Typed, field: Field): Html {
  const { name, label, optional, type = 'text', least, most } = field
  return html`<label>${label}${optional ? ' (optional)' : ''}
<input name="${name}" type="${type}" autocomplete="${field.autocomplete ?? 'off'}" value="${
    typedIn(typed, name) || field.value
  }"${field.numeric ? html` inputmode="numeric"` : null}${
    least ? html` minlength="${least}"` : null
  }${most ? html` maxlength="${most}"` : null}${optional ? null : html` required`}></label>`
}

function select(
  typed: Typed,
  field: Field & { options: readonly { value: string; label: string }[] },
): Html {
  const { name, label, optional, options } = field
  const chosen = typedIn(typed, name) || field.value
  return html`<label>${label}${optional ? ' (optional)' : ''}
<select name="${name}" autocomplete="${field.autocomplete ?? 'off'}"${optional ? null : html` required`}>
<option value="">Choose</option>
${options.map(
  (option) =>
    html`<option value="${option.value}"${option.value === chosen ? html` selected` : null}>${option.label}</option>`,
)}
</select></label>`
}

function checkbox(typed: Typed, field: { name: string; label: string; required?: boolean }): Html {
  const checked = typedIn(typed, field.name) !== ''
  return html`<label class="check"><input type="checkbox" name="${field.name}" value="yes"${
    checked ? html` checked` : null
  }${field.required ? html` required` : null}> <span>${field.label}</span></label>`
}

/** The e-mail address: locked where the session or its customer has one. */
export function emailField(typed: Typed, known: string | null): Html {
  const value = known ?? typedIn(typed, 'email')
  return html`<label>Email
<input name="email" type="email" autocomplete="email" value="${value}" ${known ? 'readonly' : 'required'}></label>`
}

/** The phone number and the names that the session asks for. */
export function contactFields(session: CheckoutSession, typed: Typed): Html {
  const { business, individual } = session.name_collection ?? {}
  const phone = { name: 'phoneNumber', label: 'Phone number', autocomplete: 'tel' } as const
  const business_ = {
    name: 'businessName',
    label: 'Business name',
    autocomplete: 'organization',
    optional: business?.optional ?? false,
  }
  const individual_ = {
    name: 'individualName',
    label: 'Full name',
    autocomplete: 'name',
    optional: individual?.optional ?? false,
  }
  return html`${session.phone_number_collection?.enabled ? input(typed, { ...phone, type: 'tel' }) : null}
${business?.enabled ? input(typed, business_) : null}
${individual?.enabled ? input(typed, individual_) : null}`
}

const names = new Intl.DisplayNames('en', { type: 'region' })

function countryOptions(codes: readonly string[]) {
  return codes
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .sort((a, b) => a.label.localeCompare(b.label))
}

function addressFields(
  typed: Typed,
  of: { prefix: 'billing' | 'shipping'; countries: readonly string[] },
): Html {
  const { prefix, countries } = of
  const field = (name: string, label: string, more: Partial<Field>): Html =>
    input(typed, {
      ...more,
      name: `${prefix}${name}`,
      label,
      autocomplete: `${prefix} ${more.autocomplete ?? ''}`,
    })
  return html`${select(typed, {
    name: `${prefix}Country`,
    label: 'Country',
    autocomplete: `${prefix} country`,
    options: countryOptions(countries),
  })}
${field('AddressLine1', 'Address line 1', { autocomplete: 'address-line1' })}
${field('AddressLine2', 'Address line 2', { autocomplete: 'address-line2', optional: true })}
<div class="pair">${field('Locality', 'City', { autocomplete: 'address-level2' })}
${field('PostalCode', 'Postal code', { autocomplete: 'postal-code' })}</div>
${field('AdministrativeArea', 'State or region', { autocomplete: 'address-level1', optional: true })}`
}

/** The billing address, where the session asks for it. */
export function billingFields(ctx: Context, session: CheckoutSession, typed: Typed): Html {
  if (!asksBillingAddress(ctx, session)) return html``
  return html`<fieldset><legend>Billing address</legend>
${addressFields(typed, { prefix: 'billing', countries: COUNTRIES })}</fieldset>`
}

/** The button that shows the tax for the address, where tax is calculated automatically. */
export function taxButton(session: CheckoutSession): Html {
  if (!session.automatic_tax.enabled) return html``
  return html`<button class="wide" formaction="/c/pay/${session.id}/tax" formnovalidate>Calculate tax</button>`
}

/** The shipping address, where the session asks for one. */
export function shippingFields(session: CheckoutSession, typed: Typed): Html {
  const { shipping_address_collection: asked, custom_text: text } = session
  if (asked === null) return html``
  return html`<fieldset><legend>Shipping address</legend>
${input(typed, { name: 'shippingName', label: 'Full name', autocomplete: 'shipping name' })}
${addressFields(typed, { prefix: 'shipping', countries: asked.allowed_countries })}
${message(text.shipping_address)}</fieldset>`
}

/** A text of the seller. */
export function message(text: { message: string } | null): Html {
  return text === null ? html`` : html`<p class="soft">${text.message}</p>`
}

/** The fields of the seller's own. */
export function customFields(session: CheckoutSession, typed: Typed): Html {
  return html`${session.custom_fields.map((field) => {
    const { dropdown, numeric, text } = field
    const shown = {
      name: `custom-${field.key}`,
      label: field.label.custom ?? field.key,
      optional: field.optional,
      value: (dropdown ?? numeric ?? text)?.default_value ?? null,
    }
    if (dropdown !== undefined) return select(typed, { ...shown, options: dropdown.options })
    const { minimum_length: least = null, maximum_length: most = null } = numeric ?? text ?? {}
    return input(typed, { ...shown, numeric: field.type === 'numeric', least, most })
  })}`
}

const TAX_IDS = [
  ['eu_vat', 'EU VAT'],
  ['gb_vat', 'GB VAT'],
  ['us_ein', 'US EIN'],
  ['ch_vat', 'CH VAT'],
  ['no_vat', 'NO VAT'],
  ['au_abn', 'AU ABN'],
  ['nz_gst', 'NZ GST'],
  ['in_gst', 'IN GST'],
  ['ca_bn', 'CA BN'],
  ['jp_cn', 'JP CN'],
  ['sg_gst', 'SG GST'],
] as const

/** The tax id of a business, where the session asks for it. */
export function taxIdFields(session: CheckoutSession, typed: Typed): Html {
  const { tax_id_collection: asked } = session
  if (!asked?.enabled) return html``
  const optional = asked.required !== 'if_supported'
  const options = TAX_IDS.map(([value, label]) => ({ value, label }))
  return html`<fieldset><legend>Tax ID${optional ? ' (optional)' : ''}</legend>
${select(typed, { name: 'taxIdType', label: 'Type of tax ID', options, optional })}
${input(typed, { name: 'taxId', label: 'Tax ID', optional })}</fieldset>`
}

/** What the buyer agrees to. */
export function consentFields(session: CheckoutSession, typed: Typed): Html {
  const { consent_collection: asked, custom_text: text } = session
  const saves = session.saved_payment_method_options?.payment_method_save === 'enabled'
  const terms =
    text.terms_of_service_acceptance?.message ?? 'I agree to the terms of service of the seller'
  return html`${saves ? checkbox(typed, { name: 'saveCard', label: 'Save my card for the next time' }) : null}
${
  asked?.promotions === 'auto'
    ? checkbox(typed, { name: 'promotions', label: 'Send me news and offers by e-mail' })
    : null
}
${
  asked?.terms_of_service === 'required'
    ? checkbox(typed, { name: 'termsOfServiceConsentCheckbox', label: terms, required: true })
    : null
}`
}
