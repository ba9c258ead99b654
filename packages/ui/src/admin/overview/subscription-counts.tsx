import type { ColumnDef } from '@tanstack/react-table'
import { useMemo } from 'react'
import type { Catalog, Overview } from '../../api/types.ts'
import { Card, Section } from '../../components/card.tsx'
import { formatCount } from '../../format/counts.ts'
import { planName } from '../../format/names.ts'
import { DataTable } from '../../tables/data-table.tsx'
import { Empty } from '../../tables/paged-table.tsx'
import { StatusBadge } from '../users/user-columns.tsx'

type Count = Overview['subscriptions'][number]

const planColumn = (catalog: Catalog): ColumnDef<Count> => ({
  id: 'plan',
  header: 'Plan',
  cell: ({ row }) => (
    <span className="tg:wrap-anywhere">{planName(catalog, row.original.plan)}</span>
  ),
})

const otherColumns: ColumnDef<Count>[] = [
  {
    id: 'status',
    header: 'Status',
    cell: ({ row }) => <StatusBadge status={row.original.status} />,
  },
  {
    id: 'count',
    header: 'Subscriptions',
    meta: { align: 'right' },
    cell: ({ row }) => formatCount(row.original.count),
  },
]

interface SubscriptionCountsProps {
  catalog: Catalog
  counts: Count[]
}

/** How many subscriptions there are of each plan and status. */
export function SubscriptionCounts({ catalog, counts }: SubscriptionCountsProps) {
  const columns = useMemo(() => [planColumn(catalog), ...otherColumns], [catalog])
  return (
    <Section title="Subscriptions">
      <Card>
        {counts.length === 0 ? (
          <Empty>No subscriptions yet.</Empty>
        ) : (
          <DataTable
            label="Subscriptions by plan and status"
            columns={columns}
            rows={counts}
            rowKey={({ plan, status }) => `${plan} ${status}`}
          />
        )}
      </Card>
    </Section>
  )
}
