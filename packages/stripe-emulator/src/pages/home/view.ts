import type { Context } from '../../core/context.ts'
import type { EmulatorFaults } from '../../core/faults/emulator-faults.ts'
import type { RateLimit } from '../../core/faults/rate-limit.ts'
import type { Customer } from '../../documents.ts'

/** What the pages are made of. */
export interface View {
  ctx: Context
  faults: EmulatorFaults
  rateLimit: RateLimit
  /** What was typed into the filter: a customer's id, or a part of a name or an e-mail. */
  filter: string
  /** The customers that the filter names; null: all. */
  customers: ReadonlySet<string> | null
}

/** The customers that a filter names; null where there is no filter. */
export function filtered(ctx: Context, filter: string): ReadonlySet<string> | null {
  if (filter === '') return null
  const found = ctx.store.newest('customers').filter((customer) => fits(customer, filter))
  return new Set([filter, ...found.map(({ id }) => id)])
}

function fits({ id, name, email }: Customer, filter: string): boolean {
  const parts = [name ?? '', email ?? ''].map((part) => part.toLowerCase())
  return id === filter || parts.some((part) => part.includes(filter.toLowerCase()))
}

/** Whether something of a customer is to be seen. */
export function isShown({ customers }: View, customer: unknown): boolean {
  return customers === null || (typeof customer === 'string' && customers.has(customer))
}

/** The address of a page, with the filter kept. */
export function pageAt({ filter }: View, path: string): string {
  return filter === '' ? path : `${path}?customer=${encodeURIComponent(filter)}`
}
