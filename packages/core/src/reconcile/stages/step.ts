import type { TollgateError } from '../../errors.ts'
import type { Drift } from '../drift.ts'
import type { Deferral, Run } from '../reconcile-store.ts'

/** One step of a reconcile run. */
export interface Step {
  /** Where to continue; null: the stage is complete. */
  cursor: string | null
  drift: Drift[]
  /** How many customers were taken up, and how many of them Stripe does not know. */
  customers: number
  unknown: number
  /** A customer to be asked about once more, or no more. */
  deferral?: Deferral
  /** Why Stripe could not be asked. */
  failure?: TollgateError
}

/** Stripe knew no customer: it is not the account of this database. */
export function allUnknown({ customers, unknown }: Pick<Run, 'customers' | 'unknown'>): boolean {
  return customers > 0 && unknown === customers
}
