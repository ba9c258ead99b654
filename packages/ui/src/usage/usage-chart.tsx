import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { formatCompact, formatCount } from '../format/counts.ts'
import { formatDay } from '../format/dates.ts'
import { axisTicks } from './axis-ticks.ts'
import type { Day } from './history-days.ts'

const axis = { fontSize: 12, fill: 'var(--tg-muted-foreground)' }

interface UsageChartProps {
  days: Day[]
  /** What so many of the meter are called. */
  unit: (count: number) => string
}

/** A month's usage, one bar for each day. The table below it says the same in words. */
export function UsageChart({ days, unit }: UsageChartProps) {
  const scale = axisTicks(Math.max(...days.map((day) => day.amount)))
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 640, height: 240 }}>
      <BarChart data={days} margin={{ top: 8, right: 0, bottom: 0, left: 0 }} barCategoryGap="24%">
        <CartesianGrid vertical={false} stroke="var(--tg-border)" />
        <XAxis
          dataKey="date"
          tickFormatter={(date: string) => String(Number(date.slice(-2)))}
          tick={axis}
          tickLine={false}
          axisLine={{ stroke: 'var(--tg-border)' }}
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
          cursor={{ fill: 'var(--tg-muted)', opacity: 0.6 }}
          content={({ active, label }) => {
            const day = days.find((each) => each.date === label)
            return active && day ? <DayTooltip day={day} unit={unit(day.amount)} /> : null
          }}
        />
        <Bar
          dataKey="amount"
          fill="var(--tg-chart)"
          radius={[3, 3, 0, 0]}
          isAnimationActive={false}
        />
      </BarChart>
    </ResponsiveContainer>
  )
}

function DayTooltip({ day, unit }: { day: Day; unit: string }) {
  return (
    <div className="tg:rounded-md tg:border tg:border-border tg:bg-popover tg:px-3 tg:py-2 tg:text-foreground tg:text-xs tg:shadow-md">
      <p className="tg:text-muted-foreground">{formatDay(day.date)}</p>
      <p className="tg:mt-0.5 tg:font-medium tg:tabular-nums">
        {formatCount(day.amount)} {unit}
      </p>
    </div>
  )
}
