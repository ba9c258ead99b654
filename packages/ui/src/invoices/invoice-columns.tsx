import type { ColumnDef } from '@tanstack/react-table'
import { Download, ExternalLink } from 'lucide-react'
import type { Invoice } from '../api/types.ts'
import { Badge } from '../components/badge.tsx'
import { formatInstant, formatShortDay } from '../format/dates.ts'
import { formatMoney } from '../format/money.ts'
import { invoiceStatus } from './invoice-status.ts'

/** What a person calls an invoice: its number, once it has one. */
function nameOf({ number }: Pick<Invoice, 'number'>): string {
  return number ?? 'Draft'
}

/** Where a cell stands in the narrow layout: an invoice is two lines and its links. */
const narrow = {
  topLeft: 'whitespace-nowrap @max-2xl:order-1 @max-2xl:col-span-1',
  topRight: '@max-2xl:order-2 @max-2xl:col-span-1 @max-2xl:justify-end',
  bottomLeft: '@max-2xl:order-3 @max-2xl:col-span-1',
  bottomRight: '@max-2xl:order-4 @max-2xl:col-span-1 @max-2xl:justify-end',
}

/** The columns of invoices, whosever they are. */
export function invoiceColumns<T extends Invoice>(): ColumnDef<T>[] {
  return [
    {
      id: 'number',
      header: 'Number',
      cell: ({ row }) => <span className="font-medium">{nameOf(row.original)}</span>,
      meta: { bare: true, className: narrow.topLeft },
    },
    {
      id: 'date',
      header: 'Date',
      meta: { bare: true, className: narrow.bottomLeft },
      cell: ({ row: { original } }) => (
        <time
          dateTime={original.createdAt}
          title={formatInstant(original.createdAt)}
          className="whitespace-nowrap text-muted-foreground"
        >
          {formatShortDay(original.createdAt)}
        </time>
      ),
    },
    {
      id: 'status',
      header: 'Status',
      meta: { bare: true, className: narrow.bottomRight },
      cell: ({ row }) => <InvoiceBadge status={row.original.status} />,
    },
    {
      id: 'amount',
      header: 'Amount',
      meta: { align: 'right', bare: true, className: narrow.topRight },
      cell: ({ row }) => <Amount invoice={row.original} />,
    },
    {
      id: 'links',
      header: () => <span className="sr-only">Links</span>,
      meta: { align: 'right', bare: true, className: '@max-2xl:order-5' },
      cell: ({ row }) => <Links invoice={row.original} />,
    },
  ]
}

function InvoiceBadge({ status }: { status: string }) {
  const { name, tone } = invoiceStatus(status)
  return <Badge tone={tone}>{name}</Badge>
}

function Amount({ invoice }: { invoice: Invoice }) {
  const { total, amountRefunded, currency } = invoice
  return (
    <span className="tabular-nums">
      {formatMoney(total, currency)}
      {amountRefunded > 0 && (
        <span className="block text-muted-foreground text-xs">
          {formatMoney(amountRefunded, currency)} refunded
        </span>
      )}
    </span>
  )
}

const link =
  'inline-flex items-center gap-1.5 rounded-sm font-medium text-accent text-sm outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring [&_svg]:size-3.5'

function Links({ invoice }: { invoice: Invoice }) {
  const { hostedUrl, pdfUrl } = invoice
  const of = `invoice ${nameOf(invoice)}`
  return (
    <span className="flex justify-end gap-4 whitespace-nowrap">
      {hostedUrl && (
        <a
          href={hostedUrl}
          target="_blank"
          rel="noreferrer"
          aria-label={`View ${of}`}
          className={link}
        >
          View <ExternalLink aria-hidden />
        </a>
      )}
      {pdfUrl && (
        <a
          href={pdfUrl}
          target="_blank"
          rel="noreferrer"
          aria-label={`PDF of ${of}`}
          className={link}
        >
          PDF <Download aria-hidden />
        </a>
      )}
    </span>
  )
}
