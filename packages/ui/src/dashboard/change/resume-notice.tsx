import { trpc } from '../../api/trpc.ts'
import type { Catalog, Subscription } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { ErrorNotice, Notice } from '../../components/notice.tsx'
import { formatDay } from '../../format/dates.ts'
import { planName } from '../../format/names.ts'
import { endsWithPeriod, isRunning, pendingName } from '../subscription-status.ts'
import { useShowSubscription } from './use-change-plan.ts'

interface ResumeNoticeProps {
  catalog: Catalog
  subscription: Subscription
}

/** Says that the subscription will end or change to a cheaper plan, and offers to undo that. */
export function ResumeNotice({ catalog, subscription }: ResumeNoticeProps) {
  const show = useShowSubscription()
  const resume = trpc.billing.resume.useMutation({ onSuccess: show })
  const change = scheduledChange(catalog, subscription)
  if (!change) return null
  return (
    <>
      <Notice
        tone="neutral"
        title={change.title}
        className="tg:mb-4"
        actions={
          <Button
            variant="outline"
            size="small"
            wrap
            pending={resume.isPending}
            onClick={() => resume.mutate({})}
          >
            {change.undo}
          </Button>
        }
      >
        {change.message}
      </Notice>
      {resume.error && (
        <ErrorNotice error={resume.error} what="This could not be undone" className="tg:mb-4" />
      )}
    </>
  )
}

function scheduledChange(catalog: Catalog, subscription: Subscription) {
  const { plan, cancelAt, pendingPlan, pendingAt } = subscription
  if (cancelAt && endsWithPeriod(subscription)) {
    return {
      title: 'Your subscription is canceled',
      message: isRunning(subscription)
        ? `You keep all of its quota until ${formatDay(cancelAt)}.`
        : `It ends on ${formatDay(cancelAt)}.`,
      undo: 'Resume subscription',
    }
  }
  if (pendingPlan && pendingAt) {
    return {
      title: `Your plan changes to ${pendingName(catalog, subscription).replace(/,$/, '')}`,
      message: `On ${formatDay(pendingAt)}. Until then you keep all of your quota.`,
      undo: plan ? `Keep ${planName(catalog, plan)}` : 'Keep my plan',
    }
  }
  return null
}
