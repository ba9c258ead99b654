import type { ColumnDef } from '@tanstack/react-table'
import { useMemo } from 'react'
import type { Catalog, UserDetails } from '../../api/types.ts'
import { Badge } from '../../components/badge.tsx'
import { Card } from '../../components/card.tsx'
import { formatShortDay } from '../../format/dates.ts'
import { planName } from '../../format/names.ts'
import { DataTable } from '../../tables/data-table.tsx'
import { None } from '../../tables/none.tsx'
import { PanelSection } from './panel-section.tsx'
import { StatusBadge } from './user-columns.tsx'

type Line = UserDetails['subscriptions'][number]

const planColumn = (catalog: Catalog): ColumnDef<Line> => ({
  id: 'plan',
  header: 'Plan',
  meta: { bare: true },
  cell: ({ row: { original } }) => (
    <div className="tg:min-w-0">
      <span className="tg:wrap-anywhere tg:font-medium">{planName(catalog, original.plan)}</span>
      {original.isCurrent && (
        <span className="tg:ml-2">
          <Badge tone="accent">Current</Badge>
        </span>
      )}
      <code
        title={original.id}
        className="tg:block tg:max-w-56 tg:truncate tg:font-mono tg:text-muted-foreground tg:text-xs"
      >
        {original.id}
      </code>
    </div>
  ),
})

const otherColumns: ColumnDef<Line>[] = [
  {
    id: 'status',
    header: 'Status',
    cell: ({ row }) => <StatusBadge status={row.original.status} />,
  },
  {
    id: 'createdAt',
    header: 'Started',
    cell: ({ row }) => <Day at={row.original.createdAt} />,
  },
  { id: 'endedAt', header: 'Ended', cell: ({ row }) => <Day at={row.original.endedAt} /> },
]

interface UserSubscriptionsProps {
  catalog: Catalog
  subscriptions: Line[]
}

/** Every subscription that a customer has or had. */
export function UserSubscriptions({ catalog, subscriptions }: UserSubscriptionsProps) {
  const columns = useMemo(() => [planColumn(catalog), ...otherColumns], [catalog])
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
    <time dateTime={at} className="tg:whitespace-nowrap">
      {formatShortDay(at)}
    </time>
  )
}
