export type { RunningStatus, SubscriptionStatus } from './status.ts'
export {
  awaitsFirstPayment,
  beginsWindows,
  billedStatuses,
  endedStatuses,
  givesQuota,
  graceEnd,
  hasEnded,
  isBilledLater,
  isOpenDispute,
  isPaidUp,
  isWithdrawn,
  openDisputes,
  paidUpStatuses,
  precedence,
  runningStatuses,
} from './status.ts'
export type { StoredSubscription, Subscription } from './subscription.ts'
export { planOrNull, toSubscription } from './subscription.ts'
export { readCurrent, readSubscriptions } from './subscription-store.ts'
