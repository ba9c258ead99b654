import { router } from '../../trpc.ts'
import { buyPackProcedure } from './buy-pack.ts'
import { cancelProcedure } from './cancel.ts'
import { catalogProcedure } from './catalog.ts'
import { changePlanProcedure } from './change-plan.ts'
import { checkoutProcedure } from './checkout.ts'
import { featuresProcedure } from './features.ts'
import { grantsProcedure } from './grants.ts'
import { invoicesProcedure } from './invoices.ts'
import { nextPaymentProcedure } from './next-payment.ts'
import { plansProcedure } from './plans.ts'
import { portalProcedure } from './portal.ts'
import { previewChangeProcedure } from './preview-change.ts'
import { quotaProcedure } from './quota.ts'
import { resumeProcedure } from './resume.ts'
import { setOverageCapProcedure } from './set-overage-cap.ts'
import { stateProcedure } from './state.ts'
import { subscriptionProcedure } from './subscription.ts'
import { syncProcedure } from './sync.ts'
import { usageProcedure } from './usage.ts'
import { usageHistoryProcedure } from './usage-history.ts'

export const billingRouter = router({
  catalog: catalogProcedure,
  plans: plansProcedure,
  checkout: checkoutProcedure,
  buyPack: buyPackProcedure,
  portal: portalProcedure,
  state: stateProcedure,
  subscription: subscriptionProcedure,
  quota: quotaProcedure,
  features: featuresProcedure,
  grants: grantsProcedure,
  usage: usageProcedure,
  usageHistory: usageHistoryProcedure,
  invoices: invoicesProcedure,
  nextPayment: nextPaymentProcedure,
  previewChange: previewChangeProcedure,
  changePlan: changePlanProcedure,
  cancel: cancelProcedure,
  resume: resumeProcedure,
  sync: syncProcedure,
  setOverageCap: setOverageCapProcedure,
})
