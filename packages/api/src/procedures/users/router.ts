import { router } from '../../trpc.ts'
import { upsertProcedure } from './upsert.ts'

export const usersRouter = router({ upsert: upsertProcedure })
