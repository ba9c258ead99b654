import type { Balance, Catalog } from '../../api/types.ts'
import { formatCompact, formatCount } from '../../format/counts.ts'
import { meterName } from '../../format/names.ts'
import { None } from '../../tables/none.tsx'
import { fullest } from '../../usage/fullest.ts'
import { MeterBar } from '../../usage/meter-bar.tsx'

/** There is room for so many meters in a row of the table. */
const SHOWN = 3

/** The meters of a user that are nearest to their limits, and how many more there are. */
export function UsageCell({ catalog, usage }: { catalog: Catalog; usage: readonly Balance[] }) {
  const { shown, more } = fullest(usage, SHOWN)
  if (shown.length === 0) return <None />
  return (
    <div className="tg:flex tg:w-full tg:flex-wrap tg:items-end tg:gap-x-5 tg:gap-y-2">
      {shown.map((balance) => (
        <MiniMeter key={balance.meter} catalog={catalog} balance={balance} />
      ))}
      {more > 0 && <p className="tg:text-muted-foreground tg:text-xs">and {more} more</p>}
    </div>
  )
}

function MiniMeter({ catalog, balance }: { catalog: Catalog; balance: Balance }) {
  const { meter, used, limit, unlimited } = balance
  const name = meterName(catalog, meter)
  return (
    <div className="tg:w-30">
      <p title={name} className="tg:truncate tg:text-muted-foreground tg:text-xs">
        {name}
      </p>
      <p className="tg:mt-0.5 tg:mb-1 tg:text-xs tg:tabular-nums">
        {formatCount(used)}{' '}
        <span className="tg:text-muted-foreground">/ {unlimited ? '∞' : formatCompact(limit)}</span>
      </p>
      <MeterBar catalog={catalog} balance={balance} className="tg:h-1" />
    </div>
  )
}
