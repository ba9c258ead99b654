import { apiKeys } from './procedures/admin/api-keys.ts'
import { auditLog } from './procedures/admin/audit-log.ts'
import { invoices as allInvoices } from './procedures/admin/invoices.ts'
import { overview } from './procedures/admin/overview.ts'
import { reconcile } from './procedures/admin/reconcile.ts'
import { replayEvent } from './procedures/admin/replay-event.ts'
import { setQuota } from './procedures/admin/set-quota.ts'
import { user } from './procedures/admin/user.ts'
import { users as allUsers } from './procedures/admin/users.ts'
import { webhookEvents } from './procedures/admin/webhook-events.ts'
import { cancel } from './procedures/billing/cancel.ts'
import { catalog } from './procedures/billing/catalog.ts'
import { changePlan } from './procedures/billing/change-plan.ts'
import { checkout } from './procedures/billing/checkout.ts'
import { invoices } from './procedures/billing/invoices.ts'
import { plans } from './procedures/billing/plans.ts'
import { portal } from './procedures/billing/portal.ts'
import { previewChange } from './procedures/billing/preview-change.ts'
import { quota } from './procedures/billing/quota.ts'
import { resume } from './procedures/billing/resume.ts'
import { subscription } from './procedures/billing/subscription.ts'
import { sync } from './procedures/billing/sync.ts'
import { usage } from './procedures/billing/usage.ts'
import { usageHistory } from './procedures/billing/usage-history.ts'
import { check } from './procedures/usage/check.ts'
import { consume } from './procedures/usage/consume.ts'
import { events } from './procedures/usage/events.ts'
import { record } from './procedures/usage/record.ts'
import { recordBatch } from './procedures/usage/record-batch.ts'
import { release } from './procedures/usage/release.ts'
import { reserve } from './procedures/usage/reserve.ts'
import { settle } from './procedures/usage/settle.ts'
import { voidUsage } from './procedures/usage/void.ts'
import { upsert } from './procedures/users/upsert.ts'
import { router } from './trpc.ts'

export const appRouter = router({
  billing: router({
    catalog,
    plans,
    checkout,
    portal,
    subscription,
    quota,
    usage,
    usageHistory,
    invoices,
    previewChange,
    changePlan,
    cancel,
    resume,
    sync,
  }),
  users: router({ upsert }),
  usage: router({
    record,
    recordBatch,
    check,
    consume,
    reserve,
    settle,
    release,
    void: voidUsage,
    events,
  }),
  admin: router({
    overview,
    users: allUsers,
    user,
    invoices: allInvoices,
    webhookEvents,
    replayEvent,
    reconcile,
    setQuota,
    apiKeys,
    auditLog,
  }),
})
