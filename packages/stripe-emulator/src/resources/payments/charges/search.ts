import type { Charge, PaymentIntent } from '../../../documents.ts'
import type { Searchable } from '../../../http/params/search-params.ts'

const cardOf = (charge: Charge) => charge.payment_method_details?.card

/** The fields of a charge that a search can ask for (docs.stripe.com/search). */
export const searchableCharges: Searchable<Charge> = {
  resource: 'charges',
  fields: {
    amount: { type: 'numeric', of: (charge) => charge.amount },
    'billing_details.address.postal_code': {
      type: 'token',
      of: (charge) => charge.billing_details.address?.postal_code,
    },
    created: { type: 'numeric', of: (charge) => charge.created },
    currency: { type: 'token', of: (charge) => charge.currency },
    customer: { type: 'token', of: (charge) => idOf(charge.customer) },
    disputed: { type: 'token', of: (charge) => charge.disputed },
    'payment_method_details.card.brand': { type: 'token', of: (charge) => cardOf(charge)?.brand },
    'payment_method_details.card.exp_month': {
      type: 'token',
      of: (charge) => cardOf(charge)?.exp_month,
    },
    'payment_method_details.card.exp_year': {
      type: 'token',
      of: (charge) => cardOf(charge)?.exp_year,
    },
    'payment_method_details.card.fingerprint': {
      type: 'token',
      of: (charge) => cardOf(charge)?.fingerprint,
    },
    'payment_method_details.card.last4': { type: 'token', of: (charge) => cardOf(charge)?.last4 },
    refunded: { type: 'token', of: (charge) => charge.refunded },
    status: { type: 'token', of: (charge) => charge.status },
  },
}

/** The fields of a payment intent that a search can ask for (docs.stripe.com/search). */
export const searchableIntents: Searchable<PaymentIntent> = {
  resource: 'payment_intents',
  fields: {
    amount: { type: 'numeric', of: (intent) => intent.amount },
    created: { type: 'numeric', of: (intent) => intent.created },
    currency: { type: 'token', of: (intent) => intent.currency },
    customer: { type: 'token', of: (intent) => idOf(intent.customer) },
    status: { type: 'token', of: (intent) => intent.status },
  },
}

function idOf(reference: string | { id: string } | null): string | null {
  return reference === null || typeof reference === 'string' ? reference : reference.id
}
