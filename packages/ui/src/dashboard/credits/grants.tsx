import { trpc } from '../../api/trpc.ts'
import type { Catalog } from '../../api/types.ts'
import { ErrorNotice } from '../../components/notice.tsx'
import { formatCount } from '../../format/counts.ts'
import { formatDay } from '../../format/dates.ts'
import { meterName, unitOf } from '../../format/names.ts'

/** The customer's credits in the order in which they are used: what is left of each, and until when. */
export function Grants({ catalog }: { catalog: Catalog }) {
  const { data, error, isFetching, refetch } = trpc.billing.grants.useQuery()
  if (error) {
    return (
      <ErrorNotice
        error={error}
        what="Your credits could not be loaded"
        onRetry={() => void refetch()}
        retrying={isFetching}
      />
    )
  }
  if (!data || data.length === 0) return null
  return (
    <ul aria-label="Credits" className="tg:mb-5 tg:grid tg:gap-2 tg:text-sm">
      {data.map(({ id, meter, amount, remaining, expiresAt }) => (
        <li key={id} className="tg:flex tg:flex-wrap tg:justify-between tg:gap-x-6">
          <span className="tg:wrap-anywhere">
            {meterName(catalog, meter)}:{' '}
            <span className="tg:font-medium tg:tabular-nums">{formatCount(remaining)}</span> of{' '}
            {formatCount(amount)} {unitOf(catalog, meter, amount)} left
          </span>
          <span className="tg:text-muted-foreground">
            {expiresAt === null ? 'No expiry' : `Expires ${formatDay(expiresAt)}`}
          </span>
        </li>
      ))}
    </ul>
  )
}
