import type { ColumnDef } from '@tanstack/react-table'
import type { Meter, UserRow } from '../../api/types.ts'
import { Badge } from '../../components/badge.tsx'
import { subscriptionStatus } from '../../dashboard/subscription-status.ts'
import { formatCompact, formatCount } from '../../format/counts.ts'
import { keysOf, meterNames, planNames } from '../../format/names.ts'
import { None } from '../../tables/none.tsx'
import { MeterBar } from '../../usage/meter-bar.tsx'
import { meterLevel } from '../../usage/meter-level.ts'

/** The columns of users; the e-mail address opens one, and its button covers the whole row. */
export function userColumns(open: (userId: string) => void): ColumnDef<UserRow>[] {
  return [
    {
      id: 'email',
      header: 'Customer',
      meta: { bare: true },
      cell: ({ row: { original } }) => (
        <button
          type="button"
          data-opens-row
          aria-haspopup="dialog"
          onClick={() => open(original.userId)}
          className="max-w-72 cursor-pointer truncate rounded-sm text-left font-medium outline-none after:absolute after:inset-0 focus-visible:ring-2 focus-visible:ring-ring"
        >
          {original.email}
        </button>
      ),
    },
    {
      id: 'plan',
      header: 'Plan',
      cell: ({ row }) => <PlanName user={row.original} />,
    },
    {
      id: 'status',
      header: 'Status',
      cell: ({ row }) => <StatusBadge status={row.original.status} />,
    },
    ...keysOf(meterNames).map(meterColumn),
  ]
}

function meterColumn(meter: Meter): ColumnDef<UserRow> {
  return {
    id: meter,
    header: meterNames[meter].name,
    cell: ({ row }) => <MiniMeter user={row.original} meter={meter} />,
  }
}

function PlanName({ user: { plan, status } }: { user: UserRow }) {
  if (plan) return planNames[plan]
  return <span className="text-muted-foreground">{status ? 'Unknown' : 'None'}</span>
}

/** A subscription's status, or a dash where there is none. */
export function StatusBadge({ status }: { status: string | null }) {
  if (status === null) return <None />
  const { name, tone } = subscriptionStatus(status)
  return <Badge tone={tone}>{name}</Badge>
}

function MiniMeter({ user, meter }: { user: UserRow; meter: Meter }) {
  const balance = user.usage.find((each) => each.meter === meter)
  if (!balance || (meterLevel(balance).state === 'none' && balance.used === 0)) {
    return <None />
  }
  const { used, limit, unlimited } = balance
  return (
    <div className="w-32 @max-2xl:text-right">
      <p className="mb-1.5 text-xs tabular-nums">
        {formatCount(used)}{' '}
        <span className="text-muted-foreground">/ {unlimited ? '∞' : formatCompact(limit)}</span>
      </p>
      <MeterBar balance={balance} className="h-1" />
    </div>
  )
}
