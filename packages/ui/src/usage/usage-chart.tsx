import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { Meter } from '../api/types.ts'
import { formatCompact, formatCount } from '../format/counts.ts'
import { formatDay } from '../format/dates.ts'
import { meterNames } from '../format/names.ts'
import { axisTicks } from './axis-ticks.ts'
import type { Day } from './history-days.ts'

const axis = { fontSize: 12, fill: 'var(--muted-foreground)' }

/** A month's usage, a bar a day. The table beside it says the same in words. */
export function UsageChart({ meter, days }: { meter: Meter; days: Day[] }) {
  const scale = axisTicks(Math.max(...days.map((day) => day.amount)))
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 640, height: 240 }}>
      <BarChart data={days} margin={{ top: 8, right: 0, bottom: 0, left: 0 }} barCategoryGap="24%">
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis
          dataKey="date"
          tickFormatter={(date: string) => String(Number(date.slice(-2)))}
          tick={axis}
          tickLine={false}
          axisLine={{ stroke: 'var(--border)' }}
          minTickGap={16}
        />
        <YAxis
          tickFormatter={formatCompact}
          tick={axis}
          tickLine={false}
          axisLine={false}
          domain={[0, scale.at(-1) ?? 1]}
          ticks={scale}
          width={44}
        />
        <Tooltip
          cursor={{ fill: 'var(--muted)', opacity: 0.6 }}
          content={({ active, label }) => {
            const day = days.find((each) => each.date === label)
            return active && day ? <DayTooltip meter={meter} day={day} /> : null
          }}
        />
        <Bar dataKey="amount" fill="var(--chart)" radius={[3, 3, 0, 0]} isAnimationActive={false} />
      </BarChart>
    </ResponsiveContainer>
  )
}

function DayTooltip({ meter, day }: { meter: Meter; day: Day }) {
  return (
    <div className="rounded-md border border-border bg-popover px-3 py-2 text-popover-foreground text-xs shadow-md">
      <p className="text-muted-foreground">{formatDay(day.date)}</p>
      <p className="mt-0.5 font-medium tabular-nums">
        {formatCount(day.amount)} {meterNames[meter].unit}
      </p>
    </div>
  )
}
