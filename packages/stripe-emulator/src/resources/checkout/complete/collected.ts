import { invalidRequest } from '../../../core/errors.ts'
import type { CheckoutInput, CheckoutSession, Customer } from '../../../documents.ts'

type Field = CheckoutSession['custom_fields'][number]

/** Throws 400 with the text for the page where a field that the session requires is missing or malformed. */
export function checkInput(session: CheckoutSession, input: CheckoutInput): void {
  const { name_collection: names } = session
  const isMissing: readonly (readonly [missing: boolean, text: string])[] = [
    [
      names?.business?.enabled === true && !names.business.optional && !input.businessName,
      'Enter the name of your business.',
    ],
    [
      names?.individual?.enabled === true && !names.individual.optional && !input.individualName,
      'Enter your name.',
    ],
    [session.phone_number_collection?.enabled === true && !input.phone, 'Enter a phone number.'],
    [
      session.billing_address_collection === 'required' && !input.address?.line1,
      'Enter your billing address.',
    ],
    [session.shipping_address_collection !== null && input.shipping === null, SHIPPING],
    [
      session.tax_id_collection?.enabled === true &&
        session.tax_id_collection.required === 'if_supported' &&
        input.taxId === null,
      'Enter your tax ID.',
    ],
    [
      session.consent_collection?.terms_of_service === 'required' && !input.terms,
      'Agree to the terms of service.',
    ],
  ]
  for (const [missing, text] of isMissing) if (missing) throw invalidRequest(text)
  const country = input.shipping?.address.country ?? null
  const allowed = session.shipping_address_collection?.allowed_countries
  if (allowed !== undefined && !allowed.some((one) => one === country)) {
    throw invalidRequest('We cannot ship to this country.')
  }
  for (const field of session.custom_fields) checkField(field, input.customFields[field.key] ?? '')
}

const SHIPPING = 'Enter the name and the address to ship to.'

function checkField(field: Field, value: string): void {
  const label = field.label.custom ?? field.key
  if (value === '') {
    if (field.optional) return
    throw invalidRequest(`Fill in ${label}.`)
  }
  if (field.dropdown !== undefined) {
    if (field.dropdown.options.some((option) => option.value === value)) return
    throw invalidRequest(`Choose one of the options of ${label}.`)
  }
  if (field.type === 'numeric' && !/^\d+$/.test(value)) {
    throw invalidRequest(`${label} may have digits only.`)
  }
  const { minimum_length: least, maximum_length: most } = field.numeric ?? field.text ?? {}
  if (value.length < (least ?? 0)) {
    throw invalidRequest(`${label} must have at least ${least ?? 0} characters.`)
  }
  if (value.length > (most ?? 255)) {
    throw invalidRequest(`${label} can have at most ${most ?? 255} characters.`)
  }
}

/** What a completed session shows of the buyer. */
export function collectedFields(
  session: CheckoutSession,
  input: CheckoutInput,
  customer: Customer | null,
): Partial<CheckoutSession> {
  const isSetup = session.mode === 'setup'
  const names = { business_name: input.businessName, individual_name: input.individualName }
  return {
    collected_information: { ...names, shipping_details: input.shipping },
    consent: consentOf(session, input),
    custom_fields: session.custom_fields.map((field) =>
      filledIn(field, input.customFields[field.key] || null),
    ),
    customer_details: {
      address: isSetup ? null : input.address,
      ...names,
      email: input.email ?? session.customer_email ?? customer?.email ?? null,
      name: input.individualName ?? input.businessName ?? input.name,
      phone: input.phone,
      tax_exempt: isSetup ? null : (customer?.tax_exempt ?? 'none'),
      tax_ids: isSetup ? null : input.taxId === null ? [] : [taxIdOf(input.taxId)],
    },
  }
}

type TaxIds = NonNullable<NonNullable<CheckoutSession['customer_details']>['tax_ids']>

function taxIdOf({ type, value }: { type: string; value: string }): TaxIds[number] {
  return { type, value }
}

function filledIn(field: Field, value: string | null): Field {
  return {
    ...field,
    ...(field.dropdown === undefined ? {} : { dropdown: { ...field.dropdown, value } }),
    ...(field.numeric === undefined ? {} : { numeric: { ...field.numeric, value } }),
    ...(field.text === undefined ? {} : { text: { ...field.text, value } }),
  }
}

function consentOf(session: CheckoutSession, input: CheckoutInput): CheckoutSession['consent'] {
  const { consent_collection: asked } = session
  if (asked === null) return null
  return {
    promotions: asked.promotions === 'auto' ? (input.promotions ? 'opt_in' : 'opt_out') : null,
    terms_of_service: asked.terms_of_service === 'required' ? 'accepted' : null,
  }
}
