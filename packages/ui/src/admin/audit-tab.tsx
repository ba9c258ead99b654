import type { ColumnDef } from '@tanstack/react-table'
import { trpc } from '../api/trpc.ts'
import type { AuditEntry } from '../api/types.ts'
import { Card } from '../components/card.tsx'
import { formatInstant } from '../format/dates.ts'
import { None } from '../tables/none.tsx'
import { PagedTable } from '../tables/paged-table.tsx'

const columns: ColumnDef<AuditEntry>[] = [
  {
    id: 'at',
    header: 'When',
    cell: ({ row: { original } }) => (
      <time dateTime={original.at} className="whitespace-nowrap tabular-nums">
        {formatInstant(original.at)}
      </time>
    ),
  },
  {
    id: 'action',
    header: 'Action',
    cell: ({ row }) => <code className="font-mono text-xs">{row.original.action}</code>,
  },
  {
    id: 'actor',
    header: 'By',
    cell: ({ row: { original } }) => (
      <span className="flex min-w-0 items-baseline gap-1.5">
        {original.actor.kind}
        <Id text={original.actor.id} />
      </span>
    ),
  },
  {
    id: 'user',
    header: 'Customer',
    cell: ({ row }) => (row.original.userId ? <Id text={row.original.userId} /> : <None />),
  },
  { id: 'reason', header: 'Reason', cell: ({ row }) => row.original.reason ?? <None /> },
  {
    id: 'details',
    header: 'Details',
    meta: { className: '@max-2xl:items-start' },
    cell: ({ row }) => <Details details={row.original.details} />,
  },
]

/** Every change by an admin or a correcting key, newest first. */
export function AuditTab() {
  const entries = trpc.admin.auditLog.useInfiniteQuery(
    { limit: 25 },
    { getNextPageParam: (page) => page.nextCursor },
  )
  return (
    <Card>
      <PagedTable
        query={entries}
        what="entries"
        columns={columns}
        rowKey={(entry) => entry.id}
        empty="Nothing was changed yet. Every change by an admin is listed here, with who and why."
      />
    </Card>
  )
}

function Id({ text }: { text: string }) {
  return (
    <code title={text} className="block max-w-40 truncate font-mono text-muted-foreground text-xs">
      {text}
    </code>
  )
}

function Details({ details }: { details: AuditEntry['details'] }) {
  const entries = Object.entries(details).filter(([, value]) => value !== null)
  if (entries.length === 0) return <None />
  return (
    <ul className="text-xs">
      {entries.map(([name, value]) => (
        <li key={name} className="wrap-anywhere">
          <span className="text-muted-foreground">{name}:</span> {asText(value)}
        </li>
      ))}
    </ul>
  )
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
