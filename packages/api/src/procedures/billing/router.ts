import { router } from '../../trpc.ts'
import { catalogProcedure } from './catalog.ts'
import { cancelProcedure } from './cancel.ts'
import { changePlanProcedure } from './change-plan.ts'
import { previewChangeProcedure } from './preview-change.ts'
import { resumeProcedure } from './resume.ts'
import { checkoutProcedure } from './checkout.ts'
import { invoicesProcedure } from './invoices.ts'
import { plansProcedure } from './plans.ts'
import { portalProcedure } from './portal.ts'
import { quotaProcedure } from './quota.ts'
import { subscriptionProcedure } from './subscription.ts'
import { syncProcedure } from './sync.ts'
import { usageProcedure } from './usage.ts'
import { usageHistoryProcedure } from './usage-history.ts'

export const billingRouter = router({
  catalog: catalogProcedure,
  plans: plansProcedure,
  checkout: checkoutProcedure,
  portal: portalProcedure,
  subscription: subscriptionProcedure,
  quota: quotaProcedure,
  usage: usageProcedure,
  usageHistory: usageHistoryProcedure,
  invoices: invoicesProcedure,
  previewChange: previewChangeProcedure,
  changePlan: changePlanProcedure,
  cancel: cancelProcedure,
  resume: resumeProcedure,
  sync: syncProcedure,
})
