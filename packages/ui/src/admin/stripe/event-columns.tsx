import type { ColumnDef } from '@tanstack/react-table'
import { Fragment } from 'react'
import type { InboxEvent } from '../../api/types.ts'
import { Badge } from '../../components/badge.tsx'
import { formatInstant } from '../../format/dates.ts'
import { None } from '../../tables/none.tsx'
import { eventLooks, ignoredTexts } from './event-state.ts'
import { ReplayButton } from './replay-button.tsx'

export const eventColumns: ColumnDef<InboxEvent>[] = [
  {
    id: 'type',
    header: 'Event',
    meta: { bare: true },
    cell: ({ row: { original } }) => (
      <div className="tg:min-w-0">
        <code className="tg:wrap-break-word tg:font-mono tg:text-xs">
          {original.type.split('.').map((part, i) => (
            <Fragment key={part}>
              {i > 0 && '.'}
              {i > 0 && <wbr />}
              {part}
            </Fragment>
          ))}
        </code>
        <code className="tg:block tg:max-w-56 tg:truncate tg:font-mono tg:text-muted-foreground tg:text-xs">
          {original.id}
        </code>
      </div>
    ),
  },
  {
    id: 'customer',
    header: 'Customer',
    cell: ({ row: { original } }) => {
      const customer = original.email ?? original.customerId
      return customer ? (
        <span className="tg:block tg:max-w-48 tg:truncate">{customer}</span>
      ) : (
        <None />
      )
    },
  },
  {
    id: 'receivedAt',
    header: 'Received',
    cell: ({ row: { original } }) => (
      <time dateTime={original.receivedAt} className="tg:whitespace-nowrap tg:tabular-nums">
        {formatInstant(original.receivedAt)}
      </time>
    ),
  },
  { id: 'state', header: 'State', cell: ({ row }) => <State event={row.original} /> },
  {
    id: 'attempts',
    header: 'Failed attempts',
    meta: { align: 'right' },
    cell: ({ row }) => row.original.attempts,
  },
  {
    id: 'replay',
    header: () => <span className="tg:sr-only">Run again</span>,
    meta: { align: 'right' },
    cell: ({ row }) => <ReplayButton event={row.original} />,
  },
]

function State({ event }: { event: InboxEvent }) {
  const { name, tone } = eventLooks[event.state]
  const why = event.lastError ?? (event.ignoredBecause && ignoredTexts[event.ignoredBecause])
  return (
    <div className="tg:min-w-0 tg:@max-2xl:text-right">
      <Badge tone={tone}>{name}</Badge>
      {why && (
        <p
          title={why}
          className="tg:mt-1 tg:line-clamp-2 tg:max-w-64 tg:text-muted-foreground tg:text-xs"
        >
          {why}
        </p>
      )}
      {event.nextAttemptAt && event.state === 'failing' && (
        <p className="tg:mt-1 tg:text-muted-foreground tg:text-xs">
          Next attempt {formatInstant(event.nextAttemptAt)}
        </p>
      )}
    </div>
  )
}
