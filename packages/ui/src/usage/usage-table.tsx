import { formatCount } from '../format/counts.ts'
import { formatDay } from '../format/dates.ts'
import type { Day } from './history-days.ts'

interface UsageTableProps {
  /** What the meter is called. */
  name: string
  days: Day[]
  summary: string
}

/** The chart's numbers as a table, closed at first. */
export function UsageTable({ name, days, summary }: UsageTableProps) {
  const used = days.filter((day) => day.amount > 0).reverse()
  return (
    <details className="tg:group tg:mt-4 tg:text-sm">
      <summary className="tg:w-fit tg:cursor-pointer tg:rounded-sm tg:text-muted-foreground tg:outline-none tg:hover:text-foreground tg:focus-visible:ring-2 tg:focus-visible:ring-ring">
        <span className="tg:wrap-anywhere tg:tabular-nums">{summary}</span>
        <span className="tg:before:mx-2 tg:before:content-['·']">Show as a table</span>
      </summary>
      <table
        className="tg:mt-4 tg:w-full tg:max-w-112 tg:tabular-nums"
        aria-label={`${name} by day`}
      >
        <thead className="tg:text-left tg:text-muted-foreground tg:text-xs">
          <tr>
            <th scope="col" className="tg:py-1.5 tg:font-medium">
              Day (UTC)
            </th>
            <th
              scope="col"
              className="tg:wrap-anywhere tg:py-1.5 tg:pl-4 tg:text-right tg:font-medium"
            >
              {name}
            </th>
          </tr>
        </thead>
        <tbody>
          {used.map((day) => (
            <tr key={day.date} className="tg:border-border tg:border-t">
              <td className="tg:py-1.5">{formatDay(day.date)}</td>
              <td className="tg:py-1.5 tg:text-right">{formatCount(day.amount)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
