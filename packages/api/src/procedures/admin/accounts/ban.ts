import { banAccount } from '@tollgate/core'
import { accountAction } from './account-action.ts'

/** Ends an account's sessions, and lets no other begin. An admin has to lose the role first. */
export const banProcedure = accountAction(banAccount, {
  path: '/api/billing/admin/accounts/ban',
  summary: 'Ban an account: it is signed out, and can not sign in',
})
