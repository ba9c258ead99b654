import type { Expander, Expansions } from '../http/expand.ts'
import { dayOf } from '../http/versions/version.ts'
import { invoiceIntent } from '../resources/invoices/finalize.ts'
import { subscriptionOf } from '../resources/invoices/invoice.ts'
import { expansions } from './expansions.ts'

const beforeBasil: Expansions = {
  ...expansions,
  invoice: {
    ...expansions['invoice'],
    charge: ofInvoice((ctx, id) => {
      const charge = invoiceIntent(ctx, id)?.latest_charge
      return typeof charge === 'string' ? ctx.store.get('charges', charge) : null
    }),
    payment_intent: ofInvoice(invoiceIntent),
    subscription: ofInvoice((ctx, id) => {
      const invoice = ctx.store.get('invoices', id)
      return ctx.store.get('subscriptions', (invoice && subscriptionOf(invoice)) ?? '')
    }),
  },
}

/** The expandable fields of each object in an API version. */
export function expansionsOf(version: string): Expansions {
  return dayOf(version) < '2025-03-31' ? beforeBasil : expansions
}

function ofInvoice<T>(find: (...args: [Parameters<Expander>[0], string]) => T): Expander {
  return (ctx, _value, owner) => find(ctx, String(owner['id'])) ?? null
}
