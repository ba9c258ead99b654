import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { Customer } from '../../documents.ts'
import { changesBetween } from '../events/changes.ts'
import { forbid } from './actions.ts'
import type { Portal } from './session.ts'

type Address = NonNullable<Customer['address']>

/** What the customer has typed about themselves. */
export interface CustomerDetails {
  email: string | null
  name: string | null
  phone: string | null
  address: Address
  shipping: { name: string | null; address: Address }
}

/** The details that the customer may change. */
export function allowedUpdates(portal: Portal): readonly string[] {
  const { enabled, allowed_updates: allowed } = portal.configuration.features.customer_update
  return enabled ? allowed : []
}

/** Changes the details that the configuration allows; others stay. Throws 400 where it allows none. */
export function updateCustomerInPortal(ctx: Context, portal: Portal, given: CustomerDetails): void {
  const allowed = allowedUpdates(portal)
  if (allowed.length === 0) forbid()
  const { customer: before } = portal
  if (allowed.includes('email') && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(given.email ?? '')) {
    throw invalidRequest('Enter an e-mail address.')
  }
  const { name, address } = given.shipping
  const after = ctx.patch('customers', before.id, {
    ...(allowed.includes('email') ? { email: given.email } : {}),
    ...(allowed.includes('name') ? { name: given.name } : {}),
    ...(allowed.includes('phone') ? { phone: given.phone } : {}),
    ...(allowed.includes('address')
      ? { address: isBlank(given.address) ? null : given.address }
      : {}),
    ...(allowed.includes('shipping')
      ? { shipping: name === null || isBlank(address) ? null : { name, address } }
      : {}),
  })
  ctx.emit('customer.updated', after, changesBetween(before, after))
}

function isBlank(address: Address): boolean {
  return Object.values(address).every((part) => part === null)
}
