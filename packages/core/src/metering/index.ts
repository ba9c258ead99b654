export type { Check } from './check.ts'
export { checkUsage } from './check.ts'
export { consumeUsage } from './consume.ts'
export type { EventsInput } from './list-events.ts'
export { listUsageEvents } from './list-events.ts'
export { archiveUsage } from './maintenance/archive.ts'
export type { Difference, Verification } from './maintenance/verify.ts'
export { verifyUsage } from './maintenance/verify.ts'
export type { SourceDifference } from './maintenance/verify-sources.ts'
export type { MeterHelpers, QuotaCheck } from './meter-helpers.ts'
export { meterHelpers } from './meter-helpers.ts'
export { recordUsage } from './record.ts'
export type { BatchResult } from './record-batch.ts'
export { MAX_BATCH, recordUsageBatch } from './record-batch.ts'
export type { Released } from './release.ts'
export { releaseReservation } from './release.ts'
export { reserveUsage } from './reserve.ts'
export type { Settled } from './settle.ts'
export { settleReservation } from './settle.ts'
export type {
  Consumed,
  Recorded,
  RecordInput,
  Reserved,
  ReserveInput,
  UsageEvent,
  UsageInput,
} from './usage.ts'
export type { Voided } from './void.ts'
export { voidUsage } from './void.ts'
