import type { Meter, PlanId, Scope } from '../api/types.ts'

// Keyed by the types of the catalogue: a meter or plan that is added or renamed there does not compile here.

/** What a meter is called, and what one counts with it. */
export const meterNames: Record<Meter, { name: string; unit: string }> = {
  tokens: { name: 'Tokens', unit: 'tokens' },
  apiCalls: { name: 'API calls', unit: 'API calls' },
  scrapingTasks: { name: 'Scraping tasks', unit: 'scraping tasks' },
}

/** What one counts with a meter; one that has left the catalogue goes by its id. */
export function unitOf(meter: string): string {
  return isMeter(meter) ? meterNames[meter].unit : meter
}

function isMeter(meter: string): meter is Meter {
  return Object.hasOwn(meterNames, meter)
}

export const planNames: Record<PlanId, string> = {
  basic: 'Basic',
  pro: 'Pro',
  enterprise: 'Enterprise',
}

/** What an API key with the scope may do. */
export const scopeNames: Record<Scope, string> = {
  'usage:write': 'Record and consume usage',
  'usage:read': 'Check quota, list usage',
  'usage:correct': 'Take recorded usage back',
  'users:write': 'Create and update users',
  'billing:read': 'Read plans, quota and invoices',
  'billing:write': 'Open checkout and portal',
}

/** The keys of a record as its own type knows them. */
export function keysOf<K extends string>(record: Record<K, unknown>): K[] {
  return Object.keys(record) as K[]
}
