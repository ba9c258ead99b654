import { router } from '../../trpc.ts'
import { accountsRouter } from './accounts/router.ts'
import { apiKeysRouter } from './api-keys/router.ts'
import { auditLogProcedure } from './audit-log.ts'
import { invoicesProcedure } from './invoices.ts'
import { grantCreditsProcedure } from './overrides/grant-credits.ts'
import { revokeGrantProcedure } from './overrides/revoke-grant.ts'
import { setFeatureProcedure } from './overrides/set-feature.ts'
import { setQuotaProcedure } from './overrides/set-quota.ts'
import { overviewProcedure } from './overview.ts'
import { reconcileProcedure } from './reconcile.ts'
import { replayEventProcedure } from './replay-event.ts'
import { userProcedure } from './user.ts'
import { usersProcedure } from './users.ts'
import { webhookEventsProcedure } from './webhook-events.ts'

export const adminRouter = router({
  overview: overviewProcedure,
  users: usersProcedure,
  user: userProcedure,
  invoices: invoicesProcedure,
  webhookEvents: webhookEventsProcedure,
  replayEvent: replayEventProcedure,
  reconcile: reconcileProcedure,
  setQuota: setQuotaProcedure,
  setFeature: setFeatureProcedure,
  grantCredits: grantCreditsProcedure,
  revokeGrant: revokeGrantProcedure,
  accounts: accountsRouter,
  apiKeys: apiKeysRouter,
  auditLog: auditLogProcedure,
})
