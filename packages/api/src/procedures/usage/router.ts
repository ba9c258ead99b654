import { router } from '../../trpc.ts'
import { checkProcedure } from './check.ts'
import { consumeProcedure } from './consume.ts'
import { eventsProcedure } from './events.ts'
import { recordProcedure } from './record.ts'
import { recordBatchProcedure } from './record-batch.ts'
import { releaseProcedure } from './release.ts'
import { reserveProcedure } from './reserve.ts'
import { settleProcedure } from './settle.ts'
import { voidProcedure } from './void.ts'

export const usageRouter = router({
  record: recordProcedure,
  recordBatch: recordBatchProcedure,
  check: checkProcedure,
  consume: consumeProcedure,
  reserve: reserveProcedure,
  settle: settleProcedure,
  release: releaseProcedure,
  void: voidProcedure,
  events: eventsProcedure,
})
