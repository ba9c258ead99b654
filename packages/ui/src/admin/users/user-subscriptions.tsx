import type { ColumnDef } from '@tanstack/react-table'
import type { UserDetails } from '../../api/types.ts'
import { Badge } from '../../components/badge.tsx'
import { Card } from '../../components/card.tsx'
import { formatShortDay } from '../../format/dates.ts'
import { planNames } from '../../format/names.ts'
import { DataTable } from '../../tables/data-table.tsx'
import { None } from '../../tables/none.tsx'
import { PanelSection } from './panel-section.tsx'
import { StatusBadge } from './user-columns.tsx'

type Line = UserDetails['subscriptions'][number]

const columns: ColumnDef<Line>[] = [
  {
    id: 'plan',
    header: 'Plan',
    meta: { bare: true },
    cell: ({ row: { original } }) => (
      <div className="min-w-0">
        <span className="font-medium">
          {original.plan ? planNames[original.plan] : 'Unknown price'}
        </span>
        {original.isCurrent && (
          <span className="ml-2">
            <Badge tone="accent">Counts</Badge>
          </span>
        )}
        <code
          title={original.id}
          className="block max-w-56 truncate font-mono text-muted-foreground text-xs"
        >
          {original.id}
        </code>
      </div>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    cell: ({ row }) => <StatusBadge status={row.original.status} />,
  },
  {
    id: 'createdAt',
    header: 'Began',
    cell: ({ row }) => <Day at={row.original.createdAt} />,
  },
  { id: 'endedAt', header: 'Ended', cell: ({ row }) => <Day at={row.original.endedAt} /> },
]

/** Every subscription that a customer has or had, where there is more than the one that counts. */
export function UserSubscriptions({ subscriptions }: { subscriptions: Line[] }) {
  return (
    <PanelSection title="All subscriptions">
      <Card>
        <DataTable
          label="All subscriptions"
          columns={columns}
          rows={subscriptions}
          rowKey={({ id }) => id}
        />
      </Card>
    </PanelSection>
  )
}

function Day({ at }: { at: string | null }) {
  if (at === null) return <None />
  return (
    <time dateTime={at} className="whitespace-nowrap">
      {formatShortDay(at)}
    </time>
  )
}
