import type { ColumnDef } from '@tanstack/react-table'
import type { Reconciliation } from '../../api/types.ts'
import { Badge } from '../../components/badge.tsx'
import { None } from '../../tables/none.tsx'
import { driftNames } from './drift-names.ts'

type Drift = Reconciliation['drift'][number]

export const driftColumns: ColumnDef<Drift>[] = [
  {
    id: 'kind',
    header: 'Difference',
    meta: { bare: true },
    cell: ({ row: { original } }) => (
      <div className="tg:min-w-0">
        <span className="tg:font-medium">{driftNames[original.kind]}</span>
        <code className="tg:block tg:max-w-64 tg:truncate tg:font-mono tg:text-muted-foreground tg:text-xs">
          {original.objectId}
        </code>
      </div>
    ),
  },
  {
    id: 'customer',
    header: 'Customer',
    cell: ({ row: { original } }) => {
      const customer = original.userId ?? original.customerId
      if (!customer) return <None />
      return (
        <code title={customer} className="tg:block tg:max-w-48 tg:truncate tg:font-mono tg:text-xs">
          {customer}
        </code>
      )
    },
  },
  {
    id: 'detail',
    header: 'What differs',
    cell: ({ row }) => (
      <span className="tg:wrap-anywhere tg:block tg:max-w-112 tg:text-xs">
        {row.original.detail}
      </span>
    ),
  },
  {
    id: 'repaired',
    header: 'Now',
    cell: ({ row: { original } }) => (
      <Badge tone={original.repaired ? 'success' : 'warning'}>
        {original.repaired ? 'Repaired' : 'Differs'}
      </Badge>
    ),
  },
]
