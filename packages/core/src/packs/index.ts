export type { PackChange, PaidGrant } from './decide.ts'
export { packChanges } from './decide.ts'
export { completedSessions } from './fetch-sessions.ts'
export type { PackOrder } from './pack-order.ts'
export { orderOf, toMetadata } from './pack-order.ts'
export type { PackPayment } from './pack-payments.ts'
export { packPayments } from './pack-payments.ts'
export {
  countLiveGrants,
  countPaymentTroubles,
  hasOpenedPacks,
  readPaidGrantsOf,
  writePacksOpened,
} from './pack-store.ts'
export { actionOf, writePackGrants } from './write-grants.ts'
