import type { ColumnDef } from '@tanstack/react-table'
import type { ApiKey } from '../../api/types.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { nowMs } from '../../format/clock.ts'
import { formatInstant, formatShortDay } from '../../format/dates.ts'
import { keyState } from './key-state.ts'

/** The columns of API keys; a key that is still accepted can be revoked. */
export function keyColumns(revoke: (key: ApiKey) => void): ColumnDef<ApiKey>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      meta: { bare: true },
      cell: ({ row }) => (
        <span className="tg:wrap-anywhere tg:font-medium">{row.original.name}</span>
      ),
    },
    {
      id: 'state',
      header: 'Status',
      cell: ({ row }) => {
        const { name, tone } = keyState(row.original, nowMs())
        return <Badge tone={tone}>{name}</Badge>
      },
    },
    {
      id: 'scopes',
      header: 'Scopes',
      cell: ({ row }) => (
        <span className="tg:flex tg:flex-wrap tg:gap-1 tg:@max-2xl:justify-end">
          {row.original.scopes.map((scope) => (
            <code
              key={scope}
              className="tg:rounded-sm tg:bg-muted tg:px-1.5 tg:py-0.5 tg:font-mono tg:text-xs"
            >
              {scope}
            </code>
          ))}
        </span>
      ),
    },
    {
      id: 'created',
      header: 'Created',
      cell: ({ row }) => <When at={row.original.createdAt} />,
    },
    {
      id: 'used',
      header: 'Last used',
      cell: ({ row }) => <When at={row.original.lastUsedAt} />,
    },
    {
      id: 'expires',
      header: 'Expires',
      cell: ({ row }) => <When at={row.original.expiresAt} />,
    },
    {
      id: 'revoke',
      header: () => <span className="tg:sr-only">Actions</span>,
      meta: { align: 'right', bare: true },
      cell: ({ row: { original } }) =>
        keyState(original, nowMs()).name === 'Active' && (
          <Button
            variant="destructive"
            size="small"
            aria-label={`Revoke ${original.name}`}
            onClick={() => revoke(original)}
          >
            Revoke
          </Button>
        ),
    },
  ]
}

function When({ at }: { at: string | null }) {
  if (at === null) return <span className="tg:text-muted-foreground">Never</span>
  return (
    <time
      dateTime={at}
      title={formatInstant(at)}
      className="tg:whitespace-nowrap tg:text-muted-foreground"
    >
      {formatShortDay(at)}
    </time>
  )
}
