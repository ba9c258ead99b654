import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { trpc } from '../api/trpc.ts'
import type { Meter } from '../api/types.ts'
import { Button } from '../components/button.tsx'
import { Card } from '../components/card.tsx'
import { ErrorNotice } from '../components/notice.tsx'
import { Segments } from '../components/segments.tsx'
import { Loading, Skeleton } from '../components/skeleton.tsx'
import { formatCount } from '../format/counts.ts'
import { formatMonth } from '../format/dates.ts'
import { keysOf, meterNames } from '../format/names.ts'
import { addMonths, fillDays, monthRange } from '../usage/history-days.ts'
import { UsageChart } from '../usage/usage-chart.tsx'
import { UsageTable } from '../usage/usage-table.tsx'

const options = keysOf(meterNames).map((value) => ({ value, name: meterNames[value].name }))

/** How far back the arrows lead; older months are on the invoices. */
const MONTHS_BACK = 12

interface UsageHistoryProps {
  /** First instant of the month that the server counts in now. */
  currentMonth: string
}

/** Usage by day, a meter and a month at a time. */
export function UsageHistory({ currentMonth }: UsageHistoryProps) {
  const [meter, setMeter] = useState<Meter>('tokens')
  const [monthsBack, setMonthsBack] = useState(0)
  const month = addMonths(currentMonth, -monthsBack)
  return (
    <Card className="mt-5 p-6">
      <div className="mb-5 flex flex-wrap items-center justify-between gap-x-6 gap-y-4">
        <div className="flex items-center gap-1">
          <h3 className="mr-2 font-medium text-sm">Usage by day</h3>
          <MonthButton
            label="Previous month"
            disabled={monthsBack >= MONTHS_BACK}
            onClick={() => setMonthsBack(monthsBack + 1)}
          />
          <span aria-live="polite" className="min-w-28 text-center text-muted-foreground text-sm">
            {formatMonth(month)}
          </span>
          <MonthButton
            label="Next month"
            disabled={monthsBack === 0}
            onClick={() => setMonthsBack(monthsBack - 1)}
          />
        </div>
        <Segments label="Meter" value={meter} options={options} onChange={setMeter} />
      </div>
      <Month meter={meter} month={month} />
    </Card>
  )
}

function Month({ meter, month }: { meter: Meter; month: string }) {
  const range = monthRange(month)
  const history = trpc.billing.usageHistory.useQuery(range)
  if (history.error) {
    return (
      <ErrorNotice
        error={history.error}
        what="The history could not be loaded"
        onRetry={() => void history.refetch()}
        retrying={history.isFetching}
      />
    )
  }
  if (!history.data) {
    return (
      <>
        <Loading what="the history" />
        <Skeleton className="h-60 w-full" />
        <Skeleton className="mt-4 h-5 w-40" />
      </>
    )
  }
  const days = fillDays(history.data, meter, range)
  const total = days.reduce((sum, day) => sum + day.amount, 0)
  return (
    <>
      <div className="relative h-60">
        <UsageChart meter={meter} days={days} />
        {total === 0 && (
          <p className="absolute inset-0 flex items-center justify-center text-muted-foreground text-sm">
            No {meterNames[meter].unit} in {formatMonth(month)}
          </p>
        )}
      </div>
      {total > 0 && (
        <UsageTable
          meter={meter}
          days={days}
          summary={`${formatCount(total)} ${meterNames[meter].unit} in total`}
        />
      )}
    </>
  )
}

function MonthButton(props: { label: string; disabled: boolean; onClick: () => void }) {
  const { label, disabled, onClick } = props
  const Icon = label === 'Next month' ? ChevronRight : ChevronLeft
  return (
    <Button
      variant="ghost"
      size="icon"
      className="size-7"
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon aria-hidden />
    </Button>
  )
}
