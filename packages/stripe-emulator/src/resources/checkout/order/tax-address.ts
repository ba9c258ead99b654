import type { Context } from '../../../core/context.ts'
import type { CheckoutInput, CheckoutSession } from '../../../documents.ts'
import { unknownLocation } from '../../tax/location.ts'
import { openSession } from '../session.ts'
import { withTotals } from './totals.ts'

type Details = NonNullable<CheckoutSession['customer_details']>

const NO_DETAILS: Details = {
  address: null,
  business_name: null,
  email: null,
  individual_name: null,
  name: null,
  phone: null,
  tax_exempt: 'none',
  tax_ids: null,
}

/**
 * The totals of an open session, with the automatic tax for the addresses that the buyer typed. Throws 400 where they
 * are not precise enough. A repeat is safe.
 */
export function taxAddress(ctx: Context, id: string, input: CheckoutInput): CheckoutSession {
  const session = openSession(ctx, id)
  if (!session.automatic_tax.enabled) return withTotals(ctx, id)
  const { address, shipping } = input
  const details = session.customer_details ?? NO_DETAILS
  const collected = session.collected_information
  ctx.patch('checkout_sessions', id, {
    customer_details: { ...details, address: address ?? details.address },
    collected_information: {
      business_name: null,
      individual_name: null,
      ...collected,
      shipping_details: shipping ?? collected?.shipping_details ?? null,
    },
  })
  const taxed = withTotals(ctx, id)
  if (taxed.automatic_tax.status !== 'complete') throw unknownLocation()
  return taxed
}
