import { revokeAdmin } from '@tollgate/core'
import { accountAction } from './account-action.ts'

/** Takes the admin role away, from the next call on. The last admin keeps it. */
export const revokeAdminProcedure = accountAction(revokeAdmin, {
  path: '/api/billing/admin/accounts/revoke-admin',
  summary: 'Take the admin role away',
})
