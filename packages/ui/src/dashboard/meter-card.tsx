import type { ReactNode } from 'react'
import type { Balance, Catalog } from '../api/types.ts'
import { formatCount } from '../format/counts.ts'
import { formatReset } from '../format/dates.ts'
import { meterName } from '../format/names.ts'
import { MeterBar } from '../usage/meter-bar.tsx'
import { formatShare, meterLevel } from '../usage/meter-level.ts'

interface MeterCardProps {
  catalog: Catalog
  balance: Balance
  /** Whether to say when it resets. */
  resets: boolean
}

/** One meter: used of its limit, reserved, remaining. */
export function MeterCard({ catalog, balance, resets }: MeterCardProps) {
  const { meter, used, limit, unlimited } = balance
  const name = meterName(catalog, meter)
  return (
    <article
      aria-label={name}
      className="tg:min-w-0 tg:border-border tg:border-r tg:border-b tg:p-6"
    >
      <div className="tg:flex tg:items-baseline tg:justify-between tg:gap-3">
        <h3 className="tg:wrap-anywhere tg:min-w-0 tg:font-medium tg:text-sm">{name}</h3>
        {!unlimited && limit > 0 && (
          <span className="tg:text-muted-foreground tg:text-sm tg:tabular-nums">
            {formatShare(used, limit)}
          </span>
        )}
      </div>
      <p className="tg:mt-2 tg:flex tg:flex-wrap tg:items-baseline tg:gap-x-1.5 tg:tabular-nums">
        <span className="tg:font-semibold tg:text-2xl tg:tracking-tight">{formatCount(used)}</span>
        <span className="tg:text-muted-foreground tg:text-sm">
          {unlimited ? 'used' : `of ${formatCount(limit)}`}
        </span>
      </p>
      <MeterBar catalog={catalog} balance={balance} className="tg:mt-4" />
      <p className="tg:mt-3 tg:flex tg:flex-wrap tg:justify-between tg:gap-x-4 tg:text-muted-foreground tg:text-sm tg:tabular-nums">
        <Remaining balance={balance} />
        {balance.reserved > 0 && <span>{formatCount(balance.reserved)} reserved</span>}
      </p>
      {balance.overage && (
        <p className="tg:mt-1 tg:text-muted-foreground tg:text-xs">{beyond(balance.overage)}</p>
      )}
      {resets && (
        <p className="tg:mt-1 tg:text-muted-foreground tg:text-xs">
          {formatReset(balance.resetsAt)}
        </p>
      )}
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
        <span className="tg:font-medium tg:text-destructive">
          Limit reached{used > limit && `, ${formatCount(used - limit)} over`}
        </span>
      )
    case 'near':
      return (
        <span className="tg:font-medium tg:text-warning">
          {formatCount(remaining ?? 0)} remaining
        </span>
      )
    case 'fine':
      return <span>{formatCount(remaining ?? 0)} remaining</span>
  }
}

/** What is sold beyond the limit. With a cap of 0 nothing is, until the payer chooses another: so they are told. */
function beyond({ used, cap }: NonNullable<Balance['overage']>): string {
  if (cap === 0) return 'More is for sale beyond the limit; nothing is charged until you set a cap'
  const most = cap === null ? 'without a cap' : `of at most ${formatCount(cap)}`
  return `${formatCount(used)} bought beyond the limit in this billing period, ${most}`
}
