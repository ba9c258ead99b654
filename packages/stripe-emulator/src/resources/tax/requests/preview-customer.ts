import { BLANK_ADDRESS, recipientOf } from '../../../core/address.ts'
import type { Context } from '../../../core/context.ts'
import type { Customer } from '../../../documents.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { emptyable, oneOf, required, text } from '../../../http/params/param.ts'
import { listOf, shape } from '../../../http/params/shape.ts'
import { newCustomer, requireCustomer } from '../../customers/customer.ts'
import { addressParam, ipAddressParam } from '../../customers/customer-params.ts'
import { addTaxId, removeTaxId, taxIdsOf } from '../ids/tax-id.ts'
import { taxIdParam } from '../ids/tax-id-params.ts'

/** The customer of a preview, or what it changes of one. */
export const customerDetailsParam = shape({
  address: emptyable(addressParam),
  shipping: emptyable(
    shape({ address: required(addressParam), name: required(text), phone: text }),
  ),
  tax: shape({ ip_address: emptyable(ipAddressParam) }),
  tax_exempt: emptyable(oneOf('exempt', 'none', 'reverse')),
  tax_ids: listOf(taxIdParam),
})

type Details = ValueOf<typeof customerDetailsParam>

/**
 * The customer of a preview, changed for its time: the caller rolls everything back. Without a customer it is a new one.
 */
export function previewCustomer(
  ctx: Context,
  id: string | undefined,
  details: Details = {},
): Customer {
  const before = id === undefined ? newCustomer(ctx, null) : requireCustomer(ctx, id, 'customer')
  const { address, shipping, tax, tax_exempt: exempt, tax_ids: taxIds } = details
  const after = ctx.store.put('customers', {
    ...before,
    ...(address === undefined ? {} : { address: address && { ...BLANK_ADDRESS, ...address } }),
    ...(shipping === undefined ? {} : { shipping: shipping && recipientOf(shipping) }),
    ...(exempt === undefined ? {} : { tax_exempt: exempt ?? 'none' }),
  })
  const ip = tax?.ip_address
  if (ip !== undefined) {
    ctx.store.remove('customer_ip_addresses', after.id)
    if (ip !== null) ctx.store.put('customer_ip_addresses', { id: after.id, address: ip })
  }
  if (taxIds === undefined) return after
  for (const known of taxIdsOf(ctx, after.id)) removeTaxId(ctx, known)
  for (const one of taxIds) addTaxId(ctx, after, one)
  return after
}
