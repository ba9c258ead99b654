import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { trpc } from '../api/trpc.ts'
import type { Catalog } from '../api/types.ts'
import { Button } from '../components/button.tsx'
import { Card } from '../components/card.tsx'
import { Select } from '../components/field.tsx'
import { ErrorNotice } from '../components/notice.tsx'
import { Loading, Skeleton } from '../components/skeleton.tsx'
import { formatCount } from '../format/counts.ts'
import { formatMonth } from '../format/dates.ts'
import { meterName, unitOf } from '../format/names.ts'
import { addMonths, fillDays, monthRange } from '../usage/history-days.ts'
import { UsageChart } from '../usage/usage-chart.tsx'
import { UsageTable } from '../usage/usage-table.tsx'

/** How far back the arrows lead; older months are on the invoices. */
const MONTHS_BACK = 12

interface UsageHistoryProps {
  catalog: Catalog
  /** The ids of the meters to choose from, the first of which is shown first. */
  meters: readonly string[]
  /** First instant of the month that the server counts in now. */
  currentMonth: string
}

/** Usage by day, a meter and a month at a time. */
export function UsageHistory({ catalog, meters, currentMonth }: UsageHistoryProps) {
  const [chosen, setChosen] = useState<string | null>(null)
  const [monthsBack, setMonthsBack] = useState(0)
  const month = addMonths(currentMonth, -monthsBack)
  const meter = chosen ?? meters[0]
  if (meter === undefined) return null
  return (
    <Card className="tg:mt-5 tg:p-6">
      <div className="tg:mb-5 tg:flex tg:flex-wrap tg:items-center tg:justify-between tg:gap-x-6 tg:gap-y-4">
        <div className="tg:flex tg:flex-wrap tg:items-center tg:gap-1">
          <h3 className="tg:mr-2 tg:font-medium tg:text-sm">Usage by day</h3>
          <span className="tg:flex tg:items-center tg:gap-1">
            <MonthButton
              label="Previous month"
              disabled={monthsBack >= MONTHS_BACK}
              onClick={() => setMonthsBack(monthsBack + 1)}
            />
            <span
              aria-live="polite"
              className="tg:min-w-28 tg:text-center tg:text-muted-foreground tg:text-sm"
            >
              {formatMonth(month)}
            </span>
            <MonthButton
              label="Next month"
              disabled={monthsBack === 0}
              onClick={() => setMonthsBack(monthsBack - 1)}
            />
          </span>
        </div>
        {meters.length > 1 && (
          <Select
            label="Meter"
            value={meter}
            options={meters.map((value) => ({ value, name: meterName(catalog, value) }))}
            onChange={setChosen}
          />
        )}
      </div>
      <Month catalog={catalog} meter={meter} month={month} />
    </Card>
  )
}

interface MonthProps {
  catalog: Catalog
  meter: string
  month: string
}

function Month({ catalog, meter, month }: MonthProps) {
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
        <Skeleton className="tg:h-60 tg:w-full" />
        <Skeleton className="tg:mt-4 tg:h-5 tg:w-40" />
      </>
    )
  }
  const days = fillDays(history.data, meter, range)
  const total = days.reduce((sum, day) => sum + day.amount, 0)
  return (
    <>
      <div className="tg:relative tg:h-60">
        <UsageChart days={days} unit={(count) => unitOf(catalog, meter, count)} />
        {total === 0 && (
          <p className="tg:wrap-anywhere tg:absolute tg:inset-0 tg:flex tg:items-center tg:justify-center tg:px-12 tg:text-center tg:text-muted-foreground tg:text-sm">
            No {unitOf(catalog, meter, 0)} in {formatMonth(month)}
          </p>
        )}
      </div>
      {total > 0 && (
        <UsageTable
          name={meterName(catalog, meter)}
          days={days}
          summary={`${formatCount(total)} ${unitOf(catalog, meter, total)} in total`}
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
      className="tg:size-7"
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon aria-hidden />
    </Button>
  )
}
