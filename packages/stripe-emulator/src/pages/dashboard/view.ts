import type { Context } from '../../core/context.ts'
import type { EmulatorFaults } from '../../core/faults/emulator-faults.ts'
import type { RateLimit } from '../../core/faults/rate-limit.ts'
import type { Customer } from '../../documents.ts'

/** The data of a page. */
export interface View {
  ctx: Context
  faults: EmulatorFaults
  rateLimit: RateLimit
  /** The text of the filter: a customer's id, or a part of a name or an e-mail. */
  filter: string
  /** The ids that the filter matches; null: all. */
  customers: ReadonlySet<string> | null
}

/** The ids of the customers that a filter matches; null without a filter. */
export function matchingCustomers(ctx: Context, filter: string): ReadonlySet<string> | null {
  if (filter === '') return null
  const found = ctx.store.newest('customers').filter((customer) => matches(customer, filter))
  return new Set([filter, ...found.map(({ id }) => id)])
}

function matches({ id, name, email }: Customer, filter: string): boolean {
  const parts = [name ?? '', email ?? ''].map((part) => part.toLowerCase())
  return id === filter || parts.some((part) => part.includes(filter.toLowerCase()))
}

/** Whether the filter shows the objects of a customer. */
export function isShown({ customers }: View, customer: unknown): boolean {
  return customers === null || (typeof customer === 'string' && customers.has(customer))
}

/** The path of a page, with the current filter. */
export function pageAt({ filter }: View, path: string): string {
  return filter === '' ? path : `${path}?customer=${encodeURIComponent(filter)}`
}
