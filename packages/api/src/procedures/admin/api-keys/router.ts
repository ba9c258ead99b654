import { router } from '../../../trpc.ts'
import { createProcedure } from './create.ts'
import { listProcedure } from './list.ts'
import { revokeProcedure } from './revoke.ts'

export const apiKeysRouter = router({
  create: createProcedure,
  list: listProcedure,
  revoke: revokeProcedure,
})
