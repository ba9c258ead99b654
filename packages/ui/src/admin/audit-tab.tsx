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
      <time dateTime={original.at} className="tg:whitespace-nowrap tg:tabular-nums">
        {formatInstant(original.at)}
      </time>
    ),
  },
  {
    id: 'action',
    header: 'Action',
    cell: ({ row }) => <code className="tg:font-mono tg:text-xs">{row.original.action}</code>,
  },
  {
    id: 'actor',
    header: 'By',
    cell: ({ row: { original } }) => (
      <span className="tg:flex tg:min-w-0 tg:items-baseline tg:gap-1.5">
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
    meta: { className: 'tg:@max-2xl:items-start' },
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
    <code
      title={text}
      className="tg:block tg:max-w-40 tg:truncate tg:font-mono tg:text-muted-foreground tg:text-xs"
    >
      {text}
    </code>
  )
}

function Details({ details }: { details: AuditEntry['details'] }) {
  const entries = Object.entries(details).filter(([, value]) => value !== null)
  if (entries.length === 0) return <None />
  return (
    <ul className="tg:text-xs">
      {entries.map(([name, value]) => (
        <li key={name} className="tg:wrap-anywhere">
          <span className="tg:text-muted-foreground">{name}:</span> {asText(value)}
        </li>
      ))}
    </ul>
  )
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
