import type { ColumnDef } from '@tanstack/react-table'
import { Download, ExternalLink } from 'lucide-react'
import type { Invoice } from '../api/types.ts'
import { Badge } from '../components/badge.tsx'
import { formatInstant, formatShortDay } from '../format/dates.ts'
import { formatMoney } from '../format/money.ts'
import { invoiceStatus } from './invoice-status.ts'

/** An invoice's number, or "Draft" until it has one. */
function nameOf({ number }: Pick<Invoice, 'number'>): string {
  return number ?? 'Draft'
}

/** Places of the cells in the narrow layout, where an invoice is two lines and its links. */
const narrow = {
  topLeft: 'tg:whitespace-nowrap tg:@max-2xl:order-1 tg:@max-2xl:col-span-1',
  topRight: 'tg:@max-2xl:order-2 tg:@max-2xl:col-span-1 tg:@max-2xl:justify-end',
  bottomLeft: 'tg:@max-2xl:order-3 tg:@max-2xl:col-span-1',
  bottomRight: 'tg:@max-2xl:order-4 tg:@max-2xl:col-span-1 tg:@max-2xl:justify-end',
}

/** The columns of a table of invoices. */
export function invoiceColumns<T extends Invoice>(): ColumnDef<T>[] {
  return [
    {
      id: 'number',
      header: 'Number',
      cell: ({ row }) => <span className="tg:font-medium">{nameOf(row.original)}</span>,
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
          className="tg:whitespace-nowrap tg:text-muted-foreground"
        >
          {formatShortDay(original.createdAt)}
        </time>
      ),
    },
    {
      id: 'status',
      header: 'Status',
      meta: { bare: true, className: narrow.bottomRight },
      cell: ({ row }) => <InvoiceBadge invoice={row.original} />,
    },
    {
      id: 'amount',
      header: 'Amount',
      meta: { align: 'right', bare: true, className: narrow.topRight },
      cell: ({ row }) => <Amount invoice={row.original} />,
    },
    {
      id: 'links',
      header: () => <span className="tg:sr-only">Links</span>,
      meta: { align: 'right', bare: true, className: 'tg:@max-2xl:order-5' },
      cell: ({ row }) => <Links invoice={row.original} />,
    },
  ]
}

function InvoiceBadge({ invoice }: { invoice: Invoice }) {
  const { name, tone } = invoiceStatus(invoice)
  return <Badge tone={tone}>{name}</Badge>
}

function Amount({ invoice }: { invoice: Invoice }) {
  const { total, amountRefunded, currency, status, dueAt } = invoice
  return (
    <span className="tg:tabular-nums">
      {formatMoney(total, currency)}
      {amountRefunded > 0 && (
        <span className="tg:block tg:text-muted-foreground tg:text-xs">
          {formatMoney(amountRefunded, currency)} refunded
        </span>
      )}
      {status === 'open' && dueAt && (
        <span className="tg:block tg:text-muted-foreground tg:text-xs">
          due {formatShortDay(dueAt)}
        </span>
      )}
    </span>
  )
}

const link =
  'tg:inline-flex tg:items-center tg:gap-1.5 tg:rounded-sm tg:font-medium tg:text-accent tg:text-sm tg:outline-none tg:hover:underline tg:focus-visible:ring-2 tg:focus-visible:ring-ring tg:[&_svg]:size-3.5'

function Links({ invoice }: { invoice: Invoice }) {
  const { hostedUrl, pdfUrl } = invoice
  const of = `invoice ${nameOf(invoice)}`
  return (
    <span className="tg:flex tg:justify-end tg:gap-4 tg:whitespace-nowrap">
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
