import { router } from '../../../trpc.ts'
import { banProcedure } from './ban.ts'
import { eraseProcedure } from './erase.ts'
import { revokeAdminProcedure } from './revoke-admin.ts'
import { signOutProcedure } from './sign-out.ts'
import { unbanProcedure } from './unban.ts'

export const accountsRouter = router({
  revokeAdmin: revokeAdminProcedure,
  ban: banProcedure,
  unban: unbanProcedure,
  signOut: signOutProcedure,
  erase: eraseProcedure,
})
