import { signOutEverywhere } from '@tollgate/core'
import { accountAction } from './account-action.ts'

/** Ends an account's sessions. It may sign in again. */
export const signOutProcedure = accountAction(signOutEverywhere, {
  path: '/api/billing/admin/accounts/sign-out',
  summary: 'Sign an account out everywhere',
})
