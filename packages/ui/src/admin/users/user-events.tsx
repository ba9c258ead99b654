import type { Catalog, UserEvent } from '../../api/types.ts'
import { Badge } from '../../components/badge.tsx'
import { formatCount } from '../../format/counts.ts'
import { formatInstant } from '../../format/dates.ts'
import { unitOf } from '../../format/names.ts'
import { PanelSection } from './panel-section.tsx'

interface UserEventsProps {
  catalog: Catalog
  events: UserEvent[]
}

/** The customer's latest usage events. */
export function UserEvents({ catalog, events }: UserEventsProps) {
  return (
    <PanelSection title="Recent usage events">
      {events.length === 0 ? (
        <p className="tg:text-muted-foreground tg:text-sm">No usage yet.</p>
      ) : (
        <ul className="tg:divide-y tg:divide-border tg:rounded-lg tg:border tg:border-border">
          {events.map((event) => (
            <EventLine key={event.usageId} catalog={catalog} event={event} />
          ))}
        </ul>
      )}
    </PanelSection>
  )
}

function EventLine({ catalog, event }: { catalog: Catalog; event: UserEvent }) {
  const { meter, amount, occurredAt, idempotencyKey, overLimit, voidedAt } = event
  return (
    <li className="tg:flex tg:flex-wrap tg:items-center tg:justify-between tg:gap-x-4 tg:gap-y-1 tg:px-4 tg:py-3 tg:text-sm">
      <span className="tg:flex tg:items-center tg:gap-2">
        <span className="tg:wrap-anywhere tg:tabular-nums">
          {formatCount(amount)} {unitOf(catalog, meter, amount)}
        </span>
        {overLimit && <Badge tone="warning">Over limit</Badge>}
        {voidedAt && <Badge tone="neutral">Voided</Badge>}
      </span>
      <time dateTime={occurredAt} className="tg:text-muted-foreground tg:text-xs tg:tabular-nums">
        {formatInstant(occurredAt)}
      </time>
      <code className="tg:w-full tg:truncate tg:font-mono tg:text-muted-foreground tg:text-xs">
        {idempotencyKey}
      </code>
    </li>
  )
}
