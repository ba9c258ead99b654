import { useState } from 'react'
import { trpc } from '../api/trpc.ts'
import type { Catalog, Subscription } from '../api/types.ts'
import { leaveFor, returnUrl, useRedirecting } from '../api/use-redirect.ts'
import { Badge } from '../components/badge.tsx'
import { Card, Section } from '../components/card.tsx'
import { ErrorNotice, Notice } from '../components/notice.tsx'
import { Loading, Skeleton } from '../components/skeleton.tsx'
import { formatDay, formatInstant } from '../format/dates.ts'
import { formatCharge, formatMoney } from '../format/money.ts'
import { freePlanName, planName } from '../format/names.ts'
import { PlanActions } from './change/plan-actions.tsx'
import { ResumeNotice } from './change/resume-notice.tsx'
import { givesNothing, nextStep, problemOf, subscriptionStatus } from './subscription-status.ts'

interface CurrentPlanProps {
  catalog: Catalog
  subscription: Subscription
}

/** The customer's plan, what happens next to it, and what the customer can do about it. */
export function CurrentPlan({ catalog, subscription }: CurrentPlanProps) {
  const portal = trpc.billing.portal.useMutation({ onSuccess: leaveFor })
  const opening = useRedirecting(portal)
  const open = () => portal.mutate({ returnUrl: returnUrl('portal', 'returned') })
  const [started, setStarted] = useState<string | null>(null)
  const problem = problemOf(subscription)
  const free = givesNothing(subscription) ? freePlanName(catalog) : null
  return (
    <Section title="Your plan">
      {problem && (
        <Notice tone={problem.tone} title={problem.title} className="tg:mb-4">
          {problem.message}
          {free && ` Until then you have what ${free} gives.`}
        </Notice>
      )}
      {started && started === subscription.plan && (
        <Notice
          tone="success"
          title={`You are on ${planName(catalog, started)} now`}
          className="tg:mb-4"
          onDismiss={() => setStarted(null)}
        >
          Its quota is available at once.
        </Notice>
      )}
      <ResumeNotice catalog={catalog} subscription={subscription} />
      <Card className="tg:flex tg:flex-wrap tg:items-center tg:justify-between tg:gap-x-8 tg:gap-y-5 tg:p-6">
        <PlanSummary catalog={catalog} subscription={subscription} />
        <PlanActions
          catalog={catalog}
          subscription={subscription}
          // A plan that starts later has its own notice.
          onChanged={({ plan, pendingPlan }) => setStarted(pendingPlan ? null : plan)}
          onManage={open}
          opening={opening}
        />
      </Card>
      {portal.error && (
        <ErrorNotice
          error={portal.error}
          what="The billing portal could not be opened"
          className="tg:mt-4"
          onRetry={open}
        />
      )}
    </Section>
  )
}

function PlanSummary({ catalog, subscription }: CurrentPlanProps) {
  const { plan, price } = subscription
  const status = subscriptionStatus(subscription.status)
  const next = nextStep(catalog, subscription)
  return (
    <div className="tg:min-w-0">
      <div className="tg:flex tg:flex-wrap tg:items-center tg:gap-x-3 tg:gap-y-2">
        <h3 className="tg:wrap-anywhere tg:min-w-0 tg:font-semibold tg:text-2xl tg:tracking-tight">
          {planName(catalog, plan)}
        </h3>
        <Badge tone={status.tone} dot>
          {status.name}
        </Badge>
      </div>
      <p className="tg:mt-1.5 tg:flex tg:flex-wrap tg:gap-x-2 tg:text-muted-foreground tg:text-sm">
        <span className="tg:tabular-nums">{formatCharge(price) ?? 'Billed as agreed'}</span>
        {next && (
          <time
            dateTime={next.at}
            title={formatInstant(next.at)}
            className="tg:sm:not-first:before:mr-2 tg:sm:not-first:before:content-['·']"
          >
            {next.text}
          </time>
        )}
      </p>
      <NextPayment />
    </div>
  )
}

/** What Stripe will ask for next, which may differ from the price: discounts, further items, tax, credit. */
function NextPayment() {
  const { data } = trpc.billing.nextPayment.useQuery(undefined, {
    staleTime: 60_000,
    retry: false,
    refetchOnWindowFocus: false,
  })
  if (!data) return null
  return (
    <p className="tg:mt-1 tg:text-muted-foreground tg:text-sm tg:tabular-nums">
      Next payment: {formatMoney(data.amount, data.currency)} on{' '}
      <time dateTime={data.at} title={formatInstant(data.at)}>
        {formatDay(data.at)}
      </time>
    </p>
  )
}

/** The plan of a customer without a subscription; nothing where there is no free plan. */
export function FreePlan({ catalog }: { catalog: Catalog }) {
  const free = catalog.plans.find((plan) => plan.free)
  if (!free) return null
  return (
    <Section title="Your plan">
      <Card className="tg:p-6">
        <h3 className="tg:wrap-anywhere tg:font-semibold tg:text-2xl tg:tracking-tight">
          {free.name}
        </h3>
        <p className="tg:wrap-break-word tg:mt-1.5 tg:text-muted-foreground tg:text-sm">
          {free.description || 'Costs nothing.'}
        </p>
      </Card>
    </Section>
  )
}

/** Holds the plan's place while it loads. */
export function PlanSkeleton() {
  return (
    <Section title="Your plan">
      <Loading what="your plan" />
      <Card className="tg:flex tg:items-center tg:justify-between tg:p-6">
        <div>
          <Skeleton className="tg:h-8 tg:w-32" />
          <Skeleton className="tg:mt-2 tg:h-4 tg:w-56 tg:max-w-full" />
        </div>
        <Skeleton className="tg:h-9 tg:w-36 tg:max-sm:hidden" />
      </Card>
    </Section>
  )
}
