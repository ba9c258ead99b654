import { trpc } from '../api/trpc.ts'
import type { Balance, Catalog } from '../api/types.ts'
import { useCatalog } from '../api/use-catalog.ts'
import { Card, Section } from '../components/card.tsx'
import { ErrorNotice } from '../components/notice.tsx'
import { Loading, Skeleton } from '../components/skeleton.tsx'
import { formatDay, formatMonth } from '../format/dates.ts'
import { MeterCard } from './meter-card.tsx'
import { UsageHistory } from './usage-history.tsx'

interface UsageSectionProps {
  /** Shows nothing in a month without usage: for customers without a plan. */
  onlyIfUsed?: boolean
}

/** What was used since the last reset and what is left, and the usage of each day. */
export function UsageSection({ onlyIfUsed = false }: UsageSectionProps) {
  const catalog = useCatalog()
  const usage = trpc.billing.usage.useQuery()
  const { data } = usage
  const error = usage.error ?? catalog.error
  if (onlyIfUsed && !data?.meters.some((meter) => meter.used > 0)) return null
  return (
    <Section
      title="Usage"
      hint={
        data
          ? isMonthly(data)
            ? `${formatMonth(data.periodStart)}, resets on ${formatDay(data.periodEnd)} at 00:00 UTC`
            : 'Since each meter was last reset'
          : !usage.error && <Skeleton className="tg:h-5 tg:w-72 tg:max-w-full" />
      }
    >
      {data && catalog.data ? (
        <>
          <Meters catalog={catalog.data} balances={data.meters} resets={!isMonthly(data)} />
          <UsageHistory
            catalog={catalog.data}
            meters={data.meters.map(({ meter }) => meter)}
            currentMonth={data.periodStart}
          />
        </>
      ) : error ? (
        <ErrorNotice
          error={error}
          what="Your usage could not be loaded"
          onRetry={() => void (usage.error ? usage.refetch() : catalog.refetch())}
          retrying={usage.isFetching || catalog.isFetching}
        />
      ) : (
        <UsageSkeleton />
      )}
    </Section>
  )
}

interface Usage {
  periodStart: string
  periodEnd: string
  meters: Balance[]
}

interface MetersProps {
  catalog: Catalog
  balances: Balance[]
  /** Each says when it resets. */
  resets: boolean
}

/** Whether all meters reset by the month, so that one sentence says it of all. */
function isMonthly({ periodStart, periodEnd, meters }: Usage): boolean {
  return meters.every((meter) => meter.periodStart === periodStart && meter.resetsAt === periodEnd)
}

/**
 * As many columns as there is room for, and no more than there are meters. Each cell draws its right and lower border;
 * the card cuts those off that lie on its own border.
 */
function Meters({ catalog, balances, resets }: MetersProps) {
  return (
    <Card className="tg:overflow-hidden">
      <div className="tg:-mr-px tg:-mb-px tg:grid tg:grid-cols-[repeat(auto-fit,minmax(min(100%,--spacing(56)),1fr))]">
        {balances.map((balance) => (
          <MeterCard key={balance.meter} catalog={catalog} balance={balance} resets={resets} />
        ))}
      </div>
    </Card>
  )
}

function UsageSkeleton() {
  return (
    <>
      <Loading what="your usage" />
      <Card className="tg:p-6">
        <Skeleton className="tg:h-5 tg:w-24" />
        <Skeleton className="tg:mt-2 tg:h-8 tg:w-40 tg:max-w-full" />
        <Skeleton className="tg:mt-5 tg:h-2 tg:w-full" />
        <Skeleton className="tg:mt-3 tg:h-5 tg:w-32" />
      </Card>
      <Card className="tg:mt-5 tg:p-6">
        <Skeleton className="tg:h-8 tg:w-64 tg:max-w-full" />
        <Skeleton className="tg:mt-5 tg:h-60 tg:w-full" />
        <Skeleton className="tg:mt-4 tg:h-5 tg:w-40" />
      </Card>
    </>
  )
}
