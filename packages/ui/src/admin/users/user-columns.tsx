import type { ColumnDef } from '@tanstack/react-table'
import type { Catalog, UserRow } from '../../api/types.ts'
import { Badge } from '../../components/badge.tsx'
import { subscriptionStatus } from '../../dashboard/subscription-status.ts'
import { freePlanName, planName } from '../../format/names.ts'
import { None } from '../../tables/none.tsx'
import { UsageCell } from './usage-cell.tsx'

/** The columns of users. The e-mail address is a button that opens the user and covers the whole row. */
export function userColumns(
  catalog: Catalog,
  open: (userId: string) => void,
): ColumnDef<UserRow>[] {
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
          className="tg:max-w-72 tg:cursor-pointer tg:truncate tg:rounded-sm tg:text-left tg:font-medium tg:outline-none tg:after:absolute tg:after:inset-0 tg:focus-visible:ring-2 tg:focus-visible:ring-ring"
        >
          {original.email || 'Erased'}
        </button>
      ),
    },
    {
      id: 'plan',
      header: 'Plan',
      cell: ({ row }) => <Plan catalog={catalog} user={row.original} />,
    },
    {
      id: 'status',
      header: 'Status',
      cell: ({ row }) => <StatusBadge status={row.original.status} />,
    },
    {
      id: 'usage',
      header: 'Usage',
      meta: { bare: true },
      cell: ({ row }) => <UsageCell catalog={catalog} usage={row.original.usage} />,
    },
  ]
}

function Plan({ catalog, user: { plan, status } }: { catalog: Catalog; user: UserRow }) {
  const name = status === null ? freePlanName(catalog) : planName(catalog, plan)
  if (name === null) return <None />
  return <span className="tg:wrap-anywhere tg:inline-block tg:@2xl:min-w-28">{name}</span>
}

/** A subscription's status, or a dash for no subscription. */
export function StatusBadge({ status }: { status: string | null }) {
  if (status === null) return <None />
  const { name, tone } = subscriptionStatus(status)
  return <Badge tone={tone}>{name}</Badge>
}
