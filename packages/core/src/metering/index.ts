export type { QuotaCheck } from './by-meter.ts'
export {
  checkApiCallQuota,
  checkScrapingTaskQuota,
  checkTokenQuota,
  recordApiCallUsage,
  recordScrapingTaskUsage,
  recordTokenUsage,
} from './by-meter.ts'
export type { Check } from './check.ts'
export { checkUsage } from './check.ts'
export type { EventsInput } from './events.ts'
export { listUsageEvents } from './events.ts'
export type { BatchResult } from './record.ts'
export { consumeUsage, MAX_BATCH, recordUsage, recordUsageBatch } from './record.ts'
export type { Consumed, Recorded, RecordInput, UsageEvent, UsageInput } from './usage.ts'
export { UsageWriter } from './writer.ts'
