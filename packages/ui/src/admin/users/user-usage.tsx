import type { Balance, Catalog, UserDetails, UserQuota } from '../../api/types.ts'
import { formatCount } from '../../format/counts.ts'
import { formatReset } from '../../format/dates.ts'
import { meterName } from '../../format/names.ts'
import { MeterBar } from '../../usage/meter-bar.tsx'
import { formatShare } from '../../usage/meter-level.ts'
import { PanelSection } from './panel-section.tsx'

const sources: Record<UserQuota['source'], string> = {
  plan: 'Quota from the plan',
  override: 'Quota set by an admin',
  none: 'No quota',
}

/** Usage since the last reset against the quota, and where the quota comes from. */
export function UserUsage({ catalog, user }: { catalog: Catalog; user: UserDetails }) {
  const { usage, quota } = user
  const [first] = usage
  const isSame = usage.every(({ resetsAt }) => resetsAt === first?.resetsAt)
  return (
    <PanelSection title="Usage and quota">
      <div className="tg:grid tg:gap-5">
        {usage.map((balance) => (
          <MeterLine
            key={balance.meter}
            catalog={catalog}
            balance={balance}
            resets={!isSame}
            source={quota.find((each) => each.meter === balance.meter)?.source ?? 'none'}
          />
        ))}
      </div>
      {first && isSame && (
        <p className="tg:mt-4 tg:text-muted-foreground tg:text-xs">{formatReset(first.resetsAt)}</p>
      )}
    </PanelSection>
  )
}

interface MeterLineProps {
  catalog: Catalog
  balance: Balance
  /** Whether to say when it resets. */
  resets: boolean
  source: UserQuota['source']
}

function MeterLine({ catalog, balance, resets, source }: MeterLineProps) {
  const { meter, used, reserved, limit, unlimited } = balance
  const name = meterName(catalog, meter)
  return (
    <article aria-label={name}>
      <div className="tg:mb-2 tg:flex tg:flex-wrap tg:justify-between tg:gap-x-4 tg:text-sm">
        <span className="tg:wrap-anywhere tg:min-w-0">{name}</span>
        <span className="tg:text-muted-foreground tg:tabular-nums">
          <span className="tg:text-foreground">{formatCount(used)}</span> of{' '}
          {unlimited ? 'unlimited' : formatCount(limit)}
          {!unlimited && limit > 0 && ` (${formatShare(used, limit)})`}
        </span>
      </div>
      <MeterBar catalog={catalog} balance={balance} />
      <p className="tg:mt-1.5 tg:text-muted-foreground tg:text-xs tg:tabular-nums">
        {sources[source]}
        {reserved > 0 && `, ${formatCount(reserved)} reserved`}
        {resets && `. ${formatReset(balance.resetsAt)}`}
      </p>
    </article>
  )
}

/** The value of each feature, and whether an admin set it; nothing where the catalogue has none. */
export function UserFeatures({ catalog, user }: { catalog: Catalog; user: UserDetails }) {
  if (user.features.length === 0) return null
  return (
    <PanelSection title="Features">
      <dl className="tg:grid tg:gap-2 tg:text-sm">
        {user.features.map(({ feature, value, source }) => (
          <div key={feature} className="tg:flex tg:flex-wrap tg:justify-between tg:gap-x-4">
            <dt className="tg:wrap-anywhere tg:min-w-0">
              {catalog.features.find(({ id }) => id === feature)?.name ?? feature}
            </dt>
            <dd className="tg:text-muted-foreground tg:tabular-nums">
              {typeof value === 'number' ? formatCount(value) : value ? 'Yes' : 'No'}
              {source === 'override' && ', set by an admin'}
            </dd>
          </div>
        ))}
      </dl>
    </PanelSection>
  )
}
