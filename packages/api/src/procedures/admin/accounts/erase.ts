import { eraseUser } from '@tollgate/core'
import { accountAction } from './account-action.ts'

/** Ends the subscription at Stripe, then erases who somebody is, for good. Usage and invoices stay. */
export const eraseProcedure = accountAction(eraseUser, {
  path: '/api/billing/admin/accounts/erase',
  summary: 'Erase a user: end the subscription, delete the account, keep usage and invoices',
})
