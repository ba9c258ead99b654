import { trpc } from '../../api/trpc.ts'
import type { Catalog, Overview } from '../../api/types.ts'
import { ErrorNotice, Notice } from '../../components/notice.tsx'
import { Loading, Skeleton } from '../../components/skeleton.tsx'
import { FailedPayments } from './failed-payments.tsx'
import { Figures } from './figures.tsx'
import { noticeTitles } from './notice-titles.ts'
import { SubscriptionCounts } from './subscription-counts.tsx'
import { TotalUsage } from './total-usage.tsx'

/** Problems first, then revenue, usage, subscriptions and failed payments. */
export function OverviewTab({ catalog }: { catalog: Catalog }) {
  const overview = trpc.admin.overview.useQuery()
  if (overview.data) return <OverviewSections catalog={catalog} overview={overview.data} />
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

interface OverviewSectionsProps {
  catalog: Catalog
  overview: Overview
}

function OverviewSections({ catalog, overview }: OverviewSectionsProps) {
  return (
    <div className="tg:grid tg:gap-10">
      {overview.notices.length > 0 && (
        <div className="tg:grid tg:gap-3">
          {overview.notices.map(({ code, message }) => (
            <Notice key={code} tone="warning" title={noticeTitles[code]}>
              {message}
            </Notice>
          ))}
        </div>
      )}
      <Figures overview={overview} />
      <TotalUsage catalog={catalog} usage={overview.usage} />
      <SubscriptionCounts catalog={catalog} counts={overview.subscriptions} />
      <FailedPayments failed={overview.failedPayments} />
    </div>
  )
}

function OverviewSkeleton() {
  return (
    <div className="tg:grid tg:gap-4 tg:sm:grid-cols-3">
      <Loading what="the overview" />
      {[1, 2, 3].map((figure) => (
        <Skeleton key={figure} className="tg:h-28 tg:w-full" />
      ))}
    </div>
  )
}
