import { adminRouter } from './procedures/admin/router.ts'
import { billingRouter } from './procedures/billing/router.ts'
import { usageRouter } from './procedures/usage/router.ts'
import { usersRouter } from './procedures/users/router.ts'
import { router } from './trpc.ts'

/** Every procedure by its path, as `usage.record`. `access.ts` says who may call each. */
export const appRouter = router({
  billing: billingRouter,
  users: usersRouter,
  usage: usageRouter,
  admin: adminRouter,
})
