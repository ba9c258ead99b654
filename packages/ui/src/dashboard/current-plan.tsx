import { useState } from 'react'
import { trpc } from '../api/trpc.ts'
import type { PlanId, Subscription } from '../api/types.ts'
import { leaveFor, returnUrl, useRedirecting } from '../api/use-redirect.ts'
import { Badge } from '../components/badge.tsx'
import { Card, Section } from '../components/card.tsx'
import { ErrorNotice, Notice } from '../components/notice.tsx'
import { Loading, Skeleton } from '../components/skeleton.tsx'
import { formatInstant } from '../format/dates.ts'
import { formatPrice } from '../format/money.ts'
import { planNames } from '../format/names.ts'
import { PlanActions } from './change/plan-actions.tsx'
import { ResumeNotice } from './change/resume-notice.tsx'
import { nextStep, problemOf, subscriptionStatus } from './subscription-status.ts'

/** The plan that the customer has, what comes next for it, and what can be done about it. */
export function CurrentPlan({ subscription }: { subscription: Subscription }) {
  const portal = trpc.billing.portal.useMutation({ onSuccess: leaveFor })
  const opening = useRedirecting(portal)
  const open = () => portal.mutate({ returnUrl: returnUrl('portal', 'returned') })
  const [started, setStarted] = useState<PlanId | null>(null)
  const problem = problemOf(subscription)
  return (
    <Section title="Your plan">
      {problem && (
        <Notice tone={problem.tone} title={problem.title} className="mb-4">
          {problem.message}
        </Notice>
      )}
      {started && started === subscription.plan && (
        <Notice
          tone="success"
          title={`You are on ${planNames[started]} now`}
          className="mb-4"
          onDismiss={() => setStarted(null)}
        >
          Its quota is available at once.
        </Notice>
      )}
      <ResumeNotice subscription={subscription} />
      <Card className="flex flex-wrap items-center justify-between gap-x-8 gap-y-5 p-6">
        <PlanSummary subscription={subscription} />
        <PlanActions
          subscription={subscription}
          // One that is only to come has its own notice.
          onChanged={({ plan, pendingPlan }) => setStarted(pendingPlan ? null : plan)}
          onManage={open}
          opening={opening}
        />
      </Card>
      {portal.error && (
        <ErrorNotice
          error={portal.error}
          what="The billing portal could not be opened"
          className="mt-4"
          onRetry={open}
        />
      )}
    </Section>
  )
}

function PlanSummary({ subscription }: { subscription: Subscription }) {
  const { plan, price } = subscription
  const status = subscriptionStatus(subscription.status)
  const next = nextStep(subscription)
  return (
    <div className="min-w-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h3 className="font-semibold text-2xl tracking-tight">
          {plan ? planNames[plan] : 'Unknown plan'}
        </h3>
        <Badge tone={status.tone} dot>
          {status.name}
        </Badge>
      </div>
      <p className="mt-1.5 flex flex-wrap gap-x-2 text-muted-foreground text-sm">
        <span className="tabular-nums">
          {formatPrice(price.unitAmount, price.currency)} per {price.interval}
        </span>
        {next && (
          <time
            dateTime={next.at}
            title={formatInstant(next.at)}
            className="sm:not-first:before:mr-2 sm:not-first:before:content-['·']"
          >
            {next.text}
          </time>
        )}
      </p>
    </div>
  )
}

/** The plan's place while it loads. */
export function PlanSkeleton() {
  return (
    <Section title="Your plan">
      <Loading what="your plan" />
      <Card className="flex items-center justify-between p-6">
        <div>
          <Skeleton className="h-8 w-32" />
          <Skeleton className="mt-2 h-4 w-56 max-w-full" />
        </div>
        <Skeleton className="h-9 w-36 max-sm:hidden" />
      </Card>
    </Section>
  )
}
