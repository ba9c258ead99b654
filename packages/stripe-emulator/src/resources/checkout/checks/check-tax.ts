import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Customer } from '../../../documents.ts'
import { refuseRates } from '../../tax/behavior.ts'
import { locationOf } from '../../tax/location.ts'
import { requireActiveTax } from '../../tax/tax-settings.ts'
import type { SessionParams } from '../params/session-params.ts'

/**
 * Throws 400 for automatic tax that could never be calculated: for a customer without a usable address to which the page
 * saves none. The texts were probed by a public project, except that of setup mode.
 */
export function checkTax(ctx: Context, params: SessionParams, customer: Customer | null): void {
  if (params.automatic_tax?.enabled !== true) return
  if (params.mode === 'setup') {
    throw invalidRequest('You can not pass `automatic_tax` in `setup` mode.', {
      param: 'automatic_tax',
    })
  }
  requireActiveTax(ctx)
  const rates = params.subscription_data?.default_tax_rates
  refuseRates(Array.isArray(rates) ? rates : [], 'subscription_data[default_tax_rates]')
  if (customer === null || locationOf(ctx, customer) !== null) return
  const { address, shipping } = params.customer_update ?? {}
  if (address === 'auto' || shipping === 'auto') return
  throw invalidRequest(
    "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set `customer_update[address]` to 'auto' to save the billing address entered in Checkout to the Customer.",
    { code: 'customer_tax_location_invalid' },
  )
}
