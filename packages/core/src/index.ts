export * from './accounts/index.ts'
export * from './billing/index.ts'
export * from './catalog/index.ts'
export type { Clock } from './clock.ts'
export { ManualClock, systemClock } from './clock.ts'
export type { Context, ContextOptions, Settings } from './context.ts'
export { closeContext, createContext } from './context.ts'
export type { Database } from './database/index.ts'
export {
  initDb,
  isDatabaseAway,
  migrate,
  migrationsFolder,
  pendingMigrations,
} from './database/index.ts'
export type { ErrorCode, ErrorDetails, Issue } from './errors.ts'
export { errorCodes, invalid, TollgateError } from './errors.ts'
export type { Logger } from './log.ts'
export { silentLog } from './log.ts'
export * from './metering/index.ts'
export type { Page } from './page.ts'
export * from './quota/index.ts'
export * from './stripe/index.ts'
