export { cancelSubscription, resumeSubscription } from './change/cancel.ts'
export type { ChangePlanInput, PlanChange } from './change/change-plan.ts'
export { changePlan } from './change/change-plan.ts'
export type { ChangePreview } from './change/preview-change.ts'
export { previewChange } from './change/preview-change.ts'
export type { CheckoutInput } from './checkout/create-checkout.ts'
export { createCheckout } from './checkout/create-checkout.ts'
export type {
  CustomerWarning,
  SubscriptionLine,
  UserDetails,
  UserSummary,
  UsersInput,
} from '../admin/customers.ts'
export { getUser, listUsers } from '../admin/customers.ts'
export type { Notice, NoticeCode, Overview } from '../admin/overview.ts'
export { getOverview } from '../admin/overview.ts'
export type { AllInvoicesInput, Invoice, InvoicesInput, OwnedInvoice } from './invoices/invoices.ts'
export { listAllInvoices, listInvoices } from './invoices/invoices.ts'
export { passOnDetails } from './payer/customer.ts'
export type { PlanOffer } from './plans.ts'
export { listPlans } from './plans.ts'
export { createPortalSession } from './portal.ts'
export type { Subscription } from '../subscriptions/subscription.ts'
export { getSubscription, syncBilling } from '../subscriptions/subscription.ts'
