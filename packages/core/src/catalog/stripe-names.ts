import type { Interval } from './definition.ts'

/** What a plan's price is found by in Stripe. */
export function priceLookupKey(plan: string, interval: Interval = 'month'): string {
  return interval === 'year' ? `tollgate_${plan}_year` : `tollgate_${plan}`
}

/** What the price of a plan's overage is found by in Stripe. */
export function overageLookupKey(plan: string, meter: string): string {
  return `tollgate_${plan}_${meter}_overage`
}

/** What a pack's price is found by in Stripe. */
export function packLookupKey(pack: string): string {
  return `tollgate_pack_${pack}`
}

/** The environment variable that names a pack's price. */
export function packVariable(pack: string): string {
  return priceVariable(`pack_${pack}`)
}

/** The name under which Stripe's Billing Meter takes usage. */
export function meterEventName(meter: string): string {
  return `tollgate_${meter}`
}

/** The environment variable that names a plan's price: the id in capitals, with `_` for what is no letter or digit. */
export function priceVariable(plan: string, interval: Interval = 'month'): string {
  const name = `STRIPE_PRICE_${plan.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`
  return interval === 'year' ? `${name}_YEAR` : name
}
