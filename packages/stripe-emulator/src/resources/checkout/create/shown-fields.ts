import { ACCOUNT } from '../../../core/account.ts'
import type { CheckoutSession } from '../../../documents.ts'
import type { SessionParams } from '../params/session-params.ts'

type Params<Name extends keyof SessionParams> = Pick<SessionParams, Name>

/** How the page looks, as the session shows it. */
export function lookFields(params: SessionParams) {
  return {
    branding_settings: brandingOf(params),
    custom_text: {
      after_submit: params.custom_text?.after_submit ?? null,
      shipping_address: params.custom_text?.shipping_address ?? null,
      submit: params.custom_text?.submit ?? null,
      terms_of_service_acceptance: params.custom_text?.terms_of_service_acceptance ?? null,
    },
    integration_identifier: params.integration_identifier ?? null,
    locale: params.locale ?? null,
    origin_context: params.origin_context ?? null,
    submit_type: params.submit_type ?? null,
    ui_mode: params.ui_mode ?? 'hosted_page',
    wallet_options: params.wallet_options ?? null,
  } satisfies Partial<CheckoutSession>
}

function brandingOf({
  branding_settings: given = {},
}: Params<'branding_settings'>): NonNullable<CheckoutSession['branding_settings']> {
  return {
    background_color: given.background_color ?? '#ffffff',
    border_style: given.border_style ?? 'rounded',
    button_color: given.button_color ?? '#0074d4',
    display_name: given.display_name ?? ACCOUNT.name,
    font_family: given.font_family ?? 'default',
    icon: imageOf(given.icon),
    logo: imageOf(given.logo),
  }
}

function imageOf(given: { type?: 'file' | 'url'; url?: string } | undefined) {
  if (given === undefined) return null
  return { type: given.type ?? 'url', ...(given.url === undefined ? {} : { url: given.url }) }
}

/** What the page asks the buyer for, as the session shows it. */
export function collectionFields(params: SessionParams) {
  const { consent_collection: consent, name_collection: names } = params
  return {
    billing_address_collection: params.billing_address_collection ?? null,
    collected_information: { business_name: null, individual_name: null, shipping_details: null },
    consent_collection:
      consent === undefined
        ? null
        : {
            payment_method_reuse_agreement: consent.payment_method_reuse_agreement ?? null,
            promotions: consent.promotions ?? 'none',
            terms_of_service: consent.terms_of_service ?? 'none',
          },
    custom_fields: (params.custom_fields ?? []).map(customFieldOf),
    ...(names === undefined ? {} : { name_collection: namesOf(names) }),
    phone_number_collection: { enabled: params.phone_number_collection?.enabled ?? false },
    shipping_address_collection: params.shipping_address_collection ?? null,
    ...(params.tax_id_collection === undefined
      ? {}
      : { tax_id_collection: { required: 'never', ...params.tax_id_collection } }),
  } satisfies Partial<CheckoutSession>
}

type Names = NonNullable<SessionParams['name_collection']>

function namesOf({ business, individual }: Names): NonNullable<CheckoutSession['name_collection']> {
  const of = (one: NonNullable<Names['business']>) => ({ optional: false, ...one })
  return {
    ...(business === undefined ? {} : { business: of(business) }),
    ...(individual === undefined ? {} : { individual: of(individual) }),
  }
}

type Field = NonNullable<SessionParams['custom_fields']>[number]

function customFieldOf(field: Field): CheckoutSession['custom_fields'][number] {
  const { key, label, type, optional = false } = field
  const text = (given: NonNullable<Field['text']> = {}) => ({
    default_value: given.default_value ?? null,
    maximum_length: given.maximum_length ?? null,
    minimum_length: given.minimum_length ?? null,
    value: null,
  })
  const shown = { key, label, optional, type }
  switch (type) {
    case 'dropdown':
      return {
        ...shown,
        dropdown: {
          default_value: field.dropdown?.default_value ?? null,
          options: field.dropdown?.options ?? [],
          value: null,
        },
      }
    case 'numeric':
      return { ...shown, numeric: text(field.numeric) }
    case 'text':
      return { ...shown, text: text(field.text) }
  }
}
