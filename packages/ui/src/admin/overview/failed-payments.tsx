import type { ColumnDef } from '@tanstack/react-table'
import type { Overview } from '../../api/types.ts'
import { Card, Section } from '../../components/card.tsx'
import { formatShortDay } from '../../format/dates.ts'
import { formatMoney } from '../../format/money.ts'
import { DataTable } from '../../tables/data-table.tsx'
import { None } from '../../tables/none.tsx'
import { Empty } from '../../tables/paged-table.tsx'

type FailedPayment = Overview['failedPayments']['latest'][number]

const columns: ColumnDef<FailedPayment>[] = [
  {
    id: 'email',
    header: 'Customer',
    meta: { bare: true },
    cell: ({ row }) => (
      <span className="tg:block tg:max-w-64 tg:truncate">{row.original.email || 'Erased'}</span>
    ),
  },
  { id: 'number', header: 'Invoice', cell: ({ row }) => row.original.number ?? <None /> },
  {
    id: 'createdAt',
    header: 'Date',
    cell: ({ row: { original } }) => (
      <time dateTime={original.createdAt} className="tg:whitespace-nowrap">
        {formatShortDay(original.createdAt)}
      </time>
    ),
  },
  {
    id: 'amountDue',
    header: 'Due',
    meta: { align: 'right' },
    cell: ({ row: { original } }) => formatMoney(original.amountDue, original.currency),
  },
]

/** Open invoices whose payment failed, newest first. */
export function FailedPayments({ failed }: { failed: Overview['failedPayments'] }) {
  return (
    <Section title="Failed payments">
      <Card>
        {failed.latest.length === 0 ? (
          <Empty>No payment has failed.</Empty>
        ) : (
          <DataTable
            label="Failed payments"
            columns={columns}
            rows={failed.latest}
            rowKey={({ invoiceId }) => invoiceId}
          />
        )}
      </Card>
    </Section>
  )
}
