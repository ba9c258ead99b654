import { trpc } from '../../api/trpc.ts'
import type { Subscription } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { ErrorNotice, Notice } from '../../components/notice.tsx'
import { formatDay } from '../../format/dates.ts'
import { planNames } from '../../format/names.ts'
import { isRunning } from '../subscription-status.ts'
import { useShowSubscription } from './use-change-plan.ts'

/** What is to come: the end of the subscription or a cheaper plan, and the way to undo that. */
export function ResumeNotice({ subscription }: { subscription: Subscription }) {
  const show = useShowSubscription()
  const resume = trpc.billing.resume.useMutation({ onSuccess: show })
  const coming = whatComes(subscription)
  if (!coming) return null
  return (
    <>
      <Notice
        tone="neutral"
        title={coming.title}
        className="mb-4"
        actions={
          <Button
            variant="outline"
            size="small"
            pending={resume.isPending}
            onClick={() => resume.mutate({})}
          >
            {coming.undo}
          </Button>
        }
      >
        {coming.message}
      </Notice>
      {resume.error && (
        <ErrorNotice error={resume.error} what="This could not be undone" className="mb-4" />
      )}
    </>
  )
}

function whatComes(subscription: Subscription) {
  const { plan, cancelAt, pendingPlan, pendingAt } = subscription
  if (cancelAt) {
    return {
      title: 'Your subscription is cancelled',
      message: isRunning(subscription)
        ? `You keep all of its quota until ${formatDay(cancelAt)}.`
        : `It ends on ${formatDay(cancelAt)}.`,
      undo: 'Resume subscription',
    }
  }
  if (pendingPlan && pendingAt) {
    return {
      title: `Your plan changes to ${planNames[pendingPlan]}`,
      message: `On ${formatDay(pendingAt)}. Until then you keep all of your quota.`,
      undo: plan ? `Keep ${planNames[plan]}` : 'Keep my plan',
    }
  }
  return null
}
