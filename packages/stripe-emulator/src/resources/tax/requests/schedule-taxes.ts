import type { Context } from '../../../core/context.ts'
import type { Customer, Subscription, SubscriptionSchedule } from '../../../documents.ts'
import { requireCustomer } from '../../customers/customer.ts'
import type { AutomaticTaxChange } from '../automatic.ts'
import { automaticTax, requireTaxable } from '../automatic.ts'
import { refuseRates } from '../behavior.ts'
import { newTaxRates } from '../rates/tax-rate.ts'

type Phase = SubscriptionSchedule['phases'][number]

/** The taxes of a phase as its parameters say. Throws 400 for what cannot be taxed so. */
export function phaseTaxes(
  ctx: Context,
  params: {
    automatic_tax?: AutomaticTaxChange
    default_tax_rates?: readonly string[] | null
    items: readonly { tax_rates?: readonly string[] | null }[]
  },
  { customer, name }: { customer: Customer; name: string },
): Partial<Phase> {
  const rates = newTaxRates(ctx, params.default_tax_rates, `${name}[default_tax_rates]`)
  const { automatic_tax: automatic } = params
  if (automatic?.enabled === true) {
    requireTaxable(ctx, customer)
    refuseRates(rates, `${name}[default_tax_rates]`)
    const own = params.items.flatMap(({ tax_rates: ids }) => ids ?? [])
    refuseRates(own, `${name}[items][0][tax_rates]`)
  }
  return {
    default_tax_rates: rates,
    ...(automatic === undefined ? {} : { automatic_tax: automaticTax(automatic) }),
  }
}

/** The default `automatic_tax` of a schedule after a change. */
export function defaultTaxes(
  ctx: Context,
  change: AutomaticTaxChange | undefined,
  customer: string,
): Partial<SubscriptionSchedule['default_settings']> {
  if (change === undefined) return {}
  if (change.enabled) requireTaxable(ctx, requireCustomer(ctx, customer))
  return { automatic_tax: automaticTax(change) }
}

/**
 * The taxes that a phase sets on its subscription. Automatic tax that it does not name is that of the default settings;
 * tax rates that it does not name are none (docs/stripe.md, fact 39).
 */
export function taxesOfPhase(
  { default_settings: defaults }: SubscriptionSchedule,
  phase: Phase,
): Pick<Subscription, 'automatic_tax' | 'default_tax_rates'> {
  const automatic = phase.automatic_tax ?? defaults.automatic_tax
  const enabled = automatic?.enabled ?? false
  return {
    automatic_tax: automaticTax({ enabled }),
    default_tax_rates: enabled ? [] : (phase.default_tax_rates ?? []),
  }
}
