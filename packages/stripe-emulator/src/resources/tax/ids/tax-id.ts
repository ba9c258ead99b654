import type { Context } from '../../../core/context.ts'
import { invalidRequest, StripeError } from '../../../core/errors.ts'
import { longId } from '../../../core/ids.ts'
import type { Customer, TaxId } from '../../../documents.ts'
import { scheduleTaxIdCheck } from '../../events/reminders.ts'
import type { TaxIdType } from './tax-id-types.ts'
import { isTaxId, TEST_VALUES } from './tax-id-types.ts'

/** The most tax ids of a customer (an assumption: the number that Stripe's dashboard names). */
const MOST_OF_CUSTOMER = 5

/** The types that Stripe asks the registers of governments about (docs.stripe.com/billing/customer/tax-ids). */
const VERIFIED_TYPES: ReadonlySet<string> = new Set(['au_abn', 'eu_vat', 'gb_vat'])

/** The tax ids of a customer, oldest first. */
export function taxIdsOf(ctx: Context, customer: string): TaxId[] {
  return ctx.store.find('tax_ids', { index: 'customer', key: customer }).reverse()
}

interface NewTaxId {
  type: TaxIdType
  value: string
}

/** Throws 400 `tax_id_invalid` for a value without the form of its type. */
export function checkTaxId({ type, value }: NewTaxId, param: string): void {
  if (isTaxId(type, value)) return
  throw invalidRequest(`Invalid value for ${type}.`, { code: 'tax_id_invalid', param })
}

/**
 * Adds a tax id to a customer, or (null) to the account. One that a register knows is `pending`, and is verified before
 * the next request: the values of Stripe's test mode as they say, others stay pending.
 */
export function addTaxId(ctx: Context, customer: Customer | null, given: NewTaxId): TaxId {
  checkTaxId(given, 'value')
  if (customer !== null) refuseMore(taxIdsOf(ctx, customer.id), given)
  const id = ctx.store.put('tax_ids', {
    id: longId('txi'),
    object: 'tax_id',
    country: countryOf(given.type, given.value),
    created: ctx.timeOf(customer?.test_clock),
    customer: customer?.id ?? null,
    customer_account: null,
    livemode: false,
    owner:
      customer === null
        ? { customer_account: null, type: 'self' }
        : { customer: customer.id, customer_account: null, type: 'customer' },
    type: given.type,
    value: given.value,
    verification: {
      status: VERIFIED_TYPES.has(given.type) ? 'pending' : 'unavailable',
      verified_address: null,
      verified_name: null,
    },
  })
  if (customer === null) return id
  ctx.emit('customer.tax_id.created', id)
  if (outcomeOf(id) !== null) scheduleTaxIdCheck(ctx, id, customer.test_clock ?? null)
  return id
}

function refuseMore(known: readonly TaxId[], given: NewTaxId): void {
  if (known.some(({ type, value }) => type === given.type && value === given.value)) {
    throw invalidRequest('This tax ID is already attached to the customer.', { param: 'value' })
  }
  if (known.length < MOST_OF_CUSTOMER) return
  throw invalidRequest(`A customer may have up to ${MOST_OF_CUSTOMER} tax IDs.`)
}

/** What the verification will say; null: it stays as it is. */
function outcomeOf({ type, value }: TaxId): 'unverified' | 'verified' | null {
  if (!VERIFIED_TYPES.has(type)) return null
  if (value.endsWith(TEST_VALUES.verified)) return 'verified'
  return value.endsWith(TEST_VALUES.unverified) ? 'unverified' : null
}

/** Writes the result of the verification. */
export function finishTaxIdCheck(ctx: Context, id: string): void {
  const before = ctx.store.get('tax_ids', id)
  const status = before === undefined ? null : outcomeOf(before)
  if (before === undefined || status === null) return
  const customer = ctx.store.get('customers', before.customer ?? '')
  const verified = status === 'verified'
  const verification = {
    status,
    verified_address: verified ? '123 TEST STREET' : null,
    verified_name: verified ? (customer?.name ?? 'TEST') : null,
  }
  const after = ctx.patch('tax_ids', id, { verification })
  ctx.emit('customer.tax_id.updated', after, { verification: before.verification })
}

/** A tax id. Throws 404, also where it is another owner's. */
export function requireTaxId(ctx: Context, id: string, customer?: string): TaxId {
  const found = ctx.store.get('tax_ids', id)
  if (found !== undefined && (customer === undefined || found.customer === customer)) return found
  throw new StripeError(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such tax_id: '${id}'`,
    param: 'id',
  })
}

/** Removes a tax id; invoices that are final keep it. */
export function removeTaxId(ctx: Context, found: TaxId): object {
  ctx.store.remove('tax_ids', found.id)
  if (found.customer !== null) ctx.emit('customer.tax_id.deleted', found)
  return { id: found.id, object: 'tax_id', deleted: true }
}

/** The country of a tax id; null: its type is of no single country. */
function countryOf(type: TaxIdType, value: string): string | null {
  if (type === 'eu_oss_vat') return null
  if (type !== 'eu_vat') return type.slice(0, 2).toUpperCase()
  const country = value.slice(0, 2)
  if (country === 'XI') return 'GB'
  return country === 'EL' ? 'GR' : country
}
