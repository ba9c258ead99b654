import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { CheckoutInput, CheckoutSession, Customer } from '../../../documents.ts'
import { newCustomer, requireCustomer } from '../../customers/customer.ts'
import { changesBetween } from '../../events/changes.ts'
import { addTaxId, checkTaxId, taxIdsOf } from '../../tax/ids/tax-id.ts'
import { TAX_ID_TYPES } from '../../tax/ids/tax-id-types.ts'
import { requireOrder } from '../session.ts'

/**
 * The customer of a session: the given one, changed as the session allows, or a new one where the session creates
 * one; null for a guest.
 */
export function payingCustomer(
  ctx: Context,
  session: CheckoutSession,
  input: CheckoutInput,
): Customer | null {
  if (session.customer !== null) {
    return withTaxId(ctx, updated(ctx, session, input), input)
  }
  const isNeeded =
    session.customer_creation === 'always' || session.invoice_creation?.enabled === true
  if (!isNeeded) {
    const taxId = taxIdOf(input)
    if (taxId !== null) checkTaxId(taxId, 'value')
    return null
  }
  const customer = ctx.store.put('customers', {
    ...newCustomer(ctx, null),
    address: input.address,
    email: session.customer_email ?? input.email,
    name: input.individualName ?? input.businessName ?? input.name,
    phone: input.phone,
    shipping: shippingOf(input),
    ...namesOf(input),
  })
  ctx.emit('customer.created', customer)
  return withTaxId(ctx, customer, input)
}

function updated(ctx: Context, session: CheckoutSession, input: CheckoutInput): Customer {
  const before = requireCustomer(ctx, session.customer ?? '', 'customer')
  const { address, name, shipping } = requireOrder(ctx, session.id).customerUpdate ?? {}
  const newName = input.businessName ?? input.individualName ?? input.name
  const changes: Partial<Customer> = {
    ...(before.email === null && input.email !== null ? { email: input.email } : {}),
    ...(address === 'auto' && input.address !== null ? { address: input.address } : {}),
    ...(name === 'auto' && newName !== null ? { name: newName, ...namesOf(input) } : {}),
    ...(shipping === 'auto' && input.shipping !== null ? { shipping: shippingOf(input) } : {}),
  }
  if (Object.keys(changes).length === 0) return before
  const after = ctx.patch('customers', before.id, changes)
  ctx.emit('customer.updated', after, changesBetween(before, after))
  return after
}

/** The customer, who has the tax id that was typed; one that is known already is not added again. */
function withTaxId(ctx: Context, customer: Customer, input: CheckoutInput): Customer {
  const given = taxIdOf(input)
  if (given === null) return customer
  const isKnown = taxIdsOf(ctx, customer.id).some(
    ({ type, value }) => type === given.type && value === given.value,
  )
  if (!isKnown) addTaxId(ctx, customer, given)
  return customer
}

function taxIdOf({ taxId }: CheckoutInput) {
  if (taxId === null) return null
  const type = TAX_ID_TYPES.find((one) => one === taxId.type)
  if (type === undefined) throw invalidRequest('Choose the type of your tax ID.')
  return { type, value: taxId.value }
}

function namesOf({ businessName, individualName }: CheckoutInput): Partial<Customer> {
  return {
    ...(businessName === null ? {} : { business_name: businessName }),
    ...(individualName === null ? {} : { individual_name: individualName }),
  }
}

function shippingOf({ shipping, phone }: CheckoutInput): NonNullable<Customer['shipping']> | null {
  if (shipping === null) return null
  return { ...shipping, ...(phone === null ? {} : { phone }) }
}
