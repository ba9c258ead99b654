import type { Context } from '../../core/context.ts'
import type { CheckoutInput, CheckoutSession } from '../../documents.ts'
import type { Payer } from '../../resources/checkout/complete/complete.ts'
import { needsCard } from '../../resources/checkout/complete/complete.ts'
import { asksBillingAddress } from '../../resources/checkout/session.ts'
import { readCard } from '../card-form.ts'
import type { Typed } from './fields.ts'

/** The posted form of a session. Fields that the session does not ask for are left out. */
export function readPayer(ctx: Context, session: CheckoutSession, form: Typed): Payer {
  const savedMethod = read(form, 'savedMethod')
  const hasCard = savedMethod === null && needsCard(session)
  return {
    card: hasCard ? readCard(form) : null,
    savedMethod,
    input: readInput(ctx, session, form),
  }
}

function read(form: Typed, name: string): string | null {
  const value = form[name]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** What was typed beside the card. */
export function readInput(ctx: Context, session: CheckoutSession, form: Typed): CheckoutInput {
  const { name_collection: names, shipping_address_collection: ships } = session
  const when = <T>(asked: boolean | undefined, value: T): T | null => (asked ? value : null)
  const type = read(form, 'taxIdType')
  const taxId = read(form, 'taxId')
  return {
    email: read(form, 'email'),
    name: read(form, 'billingName'),
    phone: when(session.phone_number_collection?.enabled, read(form, 'phoneNumber')),
    businessName: when(names?.business?.enabled, read(form, 'businessName')),
    individualName: when(names?.individual?.enabled, read(form, 'individualName')),
    address: when(asksBillingAddress(ctx, session), readAddress(form, 'billing')),
    shipping: when(ships !== null, readShipping(form)),
    taxId: when(
      session.tax_id_collection?.enabled,
      type === null || taxId === null ? null : { type, value: taxId },
    ),
    customFields: Object.fromEntries(
      session.custom_fields.map(({ key }) => [key, read(form, `custom-${key}`) ?? '']),
    ),
    promotions: read(form, 'promotions') !== null,
    terms: read(form, 'termsOfServiceConsentCheckbox') !== null,
    saveCard:
      session.saved_payment_method_options?.payment_method_save === 'enabled' &&
      read(form, 'saveCard') !== null,
  }
}

type Address = NonNullable<CheckoutInput['address']>

function readAddress(form: Typed, prefix: 'billing' | 'shipping'): Address {
  return {
    city: read(form, `${prefix}Locality`),
    country: read(form, `${prefix}Country`),
    line1: read(form, `${prefix}AddressLine1`),
    line2: read(form, `${prefix}AddressLine2`),
    postal_code: read(form, `${prefix}PostalCode`),
    state: read(form, `${prefix}AdministrativeArea`),
  }
}

function readShipping(form: Typed): CheckoutInput['shipping'] {
  const name = read(form, 'shippingName')
  const address = readAddress(form, 'shipping')
  return name === null || address.line1 === null ? null : { name, address }
}
