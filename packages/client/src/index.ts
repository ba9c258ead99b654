export type { TollgateClientOptions } from './client.ts'
export { createTollgateClient } from './client.ts'
export type { Issue } from './error.ts'
export { isTollgateError, TollgateApiError } from './error.ts'
export type {
  AppRouter,
  Balance,
  CatalogIds,
  CatalogOf,
  ErrorCode,
  Meter,
  PackId,
  PlanId,
  RecordInput,
  TollgateClient,
} from './types.ts'
