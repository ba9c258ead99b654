export type { Subscription } from './subscription.ts'
export { getSubscription, syncBilling } from './subscription.ts'
