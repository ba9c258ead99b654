import { trpc } from '../api/trpc.ts'
import type { Balance } from '../api/types.ts'
import { Card, Section } from '../components/card.tsx'
import { ErrorNotice } from '../components/notice.tsx'
import { Loading, Skeleton } from '../components/skeleton.tsx'
import { formatDay, formatMonth } from '../format/dates.ts'
import { MeterCard } from './meter-card.tsx'
import { UsageHistory } from './usage-history.tsx'

interface UsageSectionProps {
  /** Says nothing about a month without any usage: there is no plan that could give some. */
  onlyIfUsed?: boolean
}

/** What was used this month and what is left, and how it came about day by day. */
export function UsageSection({ onlyIfUsed = false }: UsageSectionProps) {
  const usage = trpc.billing.usage.useQuery()
  const { data } = usage
  if (onlyIfUsed && !data?.meters.some((meter) => meter.used > 0)) return null
  return (
    <Section
      title="Usage"
      hint={
        data
          ? `${formatMonth(data.periodStart)}, resets on ${formatDay(data.periodEnd)} at 00:00 UTC`
          : !usage.error && <Skeleton className="h-5 w-72 max-w-full" />
      }
    >
      {data ? (
        <>
          <Meters meters={data.meters} />
          <UsageHistory currentMonth={data.periodStart} />
        </>
      ) : usage.error ? (
        <ErrorNotice
          error={usage.error}
          what="Your usage could not be loaded"
          onRetry={() => void usage.refetch()}
          retrying={usage.isFetching}
        />
      ) : (
        <UsageSkeleton />
      )}
    </Section>
  )
}

const GRID = 'grid divide-border max-md:divide-y md:grid-cols-3 md:divide-x'

function Meters({ meters }: { meters: Balance[] }) {
  return (
    <Card className={GRID}>
      {meters.map((balance) => (
        <MeterCard key={balance.meter} balance={balance} />
      ))}
    </Card>
  )
}

function UsageSkeleton() {
  return (
    <>
      <Loading what="your usage" />
      <Card className={GRID}>
        {[1, 2, 3].map((meter) => (
          <div key={meter} className="p-6">
            <Skeleton className="h-5 w-24" />
            <Skeleton className="mt-2 h-8 w-40 max-w-full" />
            <Skeleton className="mt-5 h-2 w-full" />
            <Skeleton className="mt-3 h-5 w-32" />
          </div>
        ))}
      </Card>
      <Card className="mt-5 p-6">
        <Skeleton className="h-8 w-64 max-w-full" />
        <Skeleton className="mt-5 h-60 w-full" />
        <Skeleton className="mt-4 h-5 w-40" />
      </Card>
    </>
  )
}
