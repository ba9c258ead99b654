import type { Balance, UserDetails, UserQuota } from '../../api/types.ts'
import { formatCount } from '../../format/counts.ts'
import { formatDay } from '../../format/dates.ts'
import { meterNames } from '../../format/names.ts'
import { MeterBar } from '../../usage/meter-bar.tsx'
import { formatShare } from '../../usage/meter-level.ts'
import { PanelSection } from './panel-section.tsx'

const sources: Record<UserQuota['source'], string> = {
  plan: 'from the plan',
  override: 'set by an admin',
  none: 'no quota',
}

/** This month's usage against the quota, and where the quota comes from. */
export function UserUsage({ user: { usage, quota } }: { user: UserDetails }) {
  const resetsAt = usage[0]?.resetsAt
  return (
    <PanelSection title="Usage and quota">
      <div className="grid gap-5">
        {usage.map((balance) => (
          <MeterLine
            key={balance.meter}
            balance={balance}
            source={quota.find((each) => each.meter === balance.meter)?.source ?? 'none'}
          />
        ))}
      </div>
      {resetsAt && (
        <p className="mt-4 text-muted-foreground text-xs">
          Resets on {formatDay(resetsAt)} at 00:00 UTC
        </p>
      )}
    </PanelSection>
  )
}

function MeterLine({ balance, source }: { balance: Balance; source: UserQuota['source'] }) {
  const { meter, used, reserved, limit, unlimited } = balance
  return (
    <article aria-label={meterNames[meter].name}>
      <div className="mb-2 flex flex-wrap justify-between gap-x-4 text-sm">
        <span>{meterNames[meter].name}</span>
        <span className="text-muted-foreground tabular-nums">
          <span className="text-foreground">{formatCount(used)}</span> of{' '}
          {unlimited ? 'unlimited' : formatCount(limit)}
          {!unlimited && limit > 0 && ` (${formatShare(used, limit)})`}
        </span>
      </div>
      <MeterBar balance={balance} />
      <p className="mt-1.5 text-muted-foreground text-xs tabular-nums">
        Quota {sources[source]}
        {reserved > 0 && `, ${formatCount(reserved)} reserved`}
      </p>
    </article>
  )
}
