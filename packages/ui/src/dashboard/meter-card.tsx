import type { ReactNode } from 'react'
import type { Balance } from '../api/types.ts'
import { formatCount } from '../format/counts.ts'
import { meterNames } from '../format/names.ts'
import { MeterBar } from '../usage/meter-bar.tsx'
import { formatShare, meterLevel } from '../usage/meter-level.ts'

/** One meter: used of its limit, reserved, remaining. */
export function MeterCard({ balance }: { balance: Balance }) {
  const { meter, used, limit, unlimited } = balance
  const { name } = meterNames[meter]
  return (
    <article aria-label={name} className="min-w-0 p-6">
      <div className="flex items-baseline justify-between gap-3">
        <h3 className="font-medium text-sm">{name}</h3>
        {!unlimited && limit > 0 && (
          <span className="text-muted-foreground text-sm tabular-nums">
            {formatShare(used, limit)}
          </span>
        )}
      </div>
      <p className="mt-2 flex flex-wrap items-baseline gap-x-1.5 tabular-nums">
        <span className="font-semibold text-2xl tracking-tight">{formatCount(used)}</span>
        <span className="text-muted-foreground text-sm">
          {unlimited ? 'used' : `of ${formatCount(limit)}`}
        </span>
      </p>
      <MeterBar balance={balance} className="mt-4" />
      <p className="mt-3 flex flex-wrap justify-between gap-x-4 text-muted-foreground text-sm tabular-nums">
        <Remaining balance={balance} />
        {balance.reserved > 0 && <span>{formatCount(balance.reserved)} reserved</span>}
      </p>
    </article>
  )
}

function Remaining({ balance }: { balance: Balance }): ReactNode {
  const { used, limit, remaining } = balance
  switch (meterLevel(balance).state) {
    case 'unlimited':
      return <span>Unlimited</span>
    case 'none':
      return <span>No quota at the moment</span>
    case 'full':
      return (
        <span className="font-medium text-destructive">
          Limit reached{used > limit && `, ${formatCount(used - limit)} over`}
        </span>
      )
    case 'near':
      return (
        <span className="font-medium text-warning">{formatCount(remaining ?? 0)} remaining</span>
      )
    case 'fine':
      return <span>{formatCount(remaining ?? 0)} remaining</span>
  }
}
