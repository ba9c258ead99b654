import type { UserEvent } from '../../api/types.ts'
import { Badge } from '../../components/badge.tsx'
import { formatCount } from '../../format/counts.ts'
import { formatInstant } from '../../format/dates.ts'
import { unitOf } from '../../format/names.ts'
import { PanelSection } from './panel-section.tsx'

/** What was recorded last for the customer. */
export function UserEvents({ events }: { events: UserEvent[] }) {
  return (
    <PanelSection title="Recent usage events">
      {events.length === 0 ? (
        <p className="text-muted-foreground text-sm">Nothing was recorded yet.</p>
      ) : (
        <ul className="divide-y divide-border rounded-lg border border-border">
          {events.map((event) => (
            <EventLine key={event.usageId} event={event} />
          ))}
        </ul>
      )}
    </PanelSection>
  )
}

function EventLine({ event }: { event: UserEvent }) {
  const { meter, amount, occurredAt, idempotencyKey, overLimit, voidedAt } = event
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-3 text-sm">
      <span className="flex items-center gap-2">
        <span className="tabular-nums">
          {formatCount(amount)} {unitOf(meter)}
        </span>
        {overLimit && <Badge tone="warning">Over limit</Badge>}
        {voidedAt && <Badge tone="neutral">Voided</Badge>}
      </span>
      <time dateTime={occurredAt} className="text-muted-foreground text-xs tabular-nums">
        {formatInstant(occurredAt)}
      </time>
      <code className="w-full truncate font-mono text-muted-foreground text-xs">
        {idempotencyKey}
      </code>
    </li>
  )
}
