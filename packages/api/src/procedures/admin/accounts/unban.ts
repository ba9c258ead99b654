import { unbanAccount } from '@tollgate/core'
import { accountAction } from './account-action.ts'

/** Lifts a ban. */
export const unbanProcedure = accountAction(unbanAccount, {
  path: '/api/billing/admin/accounts/unban',
  summary: 'Lift a ban',
})
