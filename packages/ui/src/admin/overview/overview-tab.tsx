import { trpc } from '../../api/trpc.ts'
import type { Overview } from '../../api/types.ts'
import { ErrorNotice, Notice } from '../../components/notice.tsx'
import { Loading, Skeleton } from '../../components/skeleton.tsx'
import { FailedPayments } from './failed-payments.tsx'
import { Figures } from './figures.tsx'
import { noticeTitles } from './notice-titles.ts'
import { SubscriptionCounts } from './subscription-counts.tsx'

/** How the business stands, and what wants the operator's eye first. */
export function OverviewTab() {
  const overview = trpc.admin.overview.useQuery()
  if (overview.data) return <Standing overview={overview.data} />
  if (!overview.error) return <OverviewSkeleton />
  return (
    <ErrorNotice
      error={overview.error}
      what="The overview could not be loaded"
      onRetry={() => void overview.refetch()}
      retrying={overview.isFetching}
    />
  )
}

function Standing({ overview }: { overview: Overview }) {
  return (
    <div className="grid gap-10">
      {overview.notices.length > 0 && (
        <div className="grid gap-3">
          {overview.notices.map(({ code, message }) => (
            <Notice key={code} tone="warning" title={noticeTitles[code]}>
              {message}
            </Notice>
          ))}
        </div>
      )}
      <Figures overview={overview} />
      <SubscriptionCounts counts={overview.subscriptions} />
      <FailedPayments failed={overview.failedPayments} />
    </div>
  )
}

function OverviewSkeleton() {
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
      <Loading what="the overview" />
      {[1, 2, 3, 4].map((figure) => (
        <Skeleton key={figure} className="h-28 w-full" />
      ))}
    </div>
  )
}
