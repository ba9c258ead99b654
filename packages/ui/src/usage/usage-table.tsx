import type { Meter } from '../api/types.ts'
import { formatCount } from '../format/counts.ts'
import { formatDay } from '../format/dates.ts'
import { meterNames } from '../format/names.ts'
import type { Day } from './history-days.ts'

interface UsageTableProps {
  meter: Meter
  days: Day[]
  summary: string
}

/** What the chart shows, to be read: folded away until asked for. */
export function UsageTable({ meter, days, summary }: UsageTableProps) {
  const { name } = meterNames[meter]
  const used = days.filter((day) => day.amount > 0).reverse()
  return (
    <details className="group mt-4 text-sm">
      <summary className="w-fit cursor-pointer rounded-sm text-muted-foreground outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring">
        <span className="tabular-nums">{summary}</span>
        <span className="before:mx-2 before:content-['·']">Show as a table</span>
      </summary>
      <table className="mt-4 w-full max-w-md tabular-nums" aria-label={`${name} by day`}>
        <thead className="text-left text-muted-foreground text-xs">
          <tr>
            <th scope="col" className="py-1.5 font-medium">
              Day (UTC)
            </th>
            <th scope="col" className="py-1.5 text-right font-medium">
              {name}
            </th>
          </tr>
        </thead>
        <tbody>
          {used.map((day) => (
            <tr key={day.date} className="border-border border-t">
              <td className="py-1.5">{formatDay(day.date)}</td>
              <td className="py-1.5 text-right">{formatCount(day.amount)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
