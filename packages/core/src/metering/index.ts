export { archiveUsage } from './archive/archive.ts'
export type { QuotaCheck } from './by-meter.ts'
export {
  checkApiCallQuota,
  checkScrapingTaskQuota,
  checkTokenQuota,
  recordApiCallUsage,
  recordScrapingTaskUsage,
  recordTokenUsage,
} from './by-meter.ts'
export type {
  Consumed,
  Recorded,
  RecordInput,
  Reserved,
  ReserveInput,
  UsageEvent,
  UsageInput,
} from './usage.ts'
export type { Check } from './verbs/check.ts'
export { checkUsage } from './verbs/check.ts'
export type { Released, Settled } from './verbs/close.ts'
export { releaseReservation, settleReservation } from './verbs/close.ts'
export type { EventsInput } from './verbs/events.ts'
export { listUsageEvents } from './verbs/events.ts'
export { consumeUsage, recordUsage } from './verbs/record.ts'
export type { BatchResult } from './verbs/record-batch.ts'
export { MAX_BATCH, recordUsageBatch } from './verbs/record-batch.ts'
export { reserveUsage } from './verbs/reserve.ts'
export type { Voided } from './verbs/void.ts'
export { voidUsage } from './verbs/void.ts'
export type { Difference, Verification } from './verify/verify.ts'
export { verifyUsage } from './verify/verify.ts'
