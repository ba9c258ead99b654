import { keepPreviousData } from '@tanstack/react-query'
import { useState } from 'react'
import { trpc } from '../../api/trpc.ts'
import type { InboxEvent } from '../../api/types.ts'
import { Card, Section } from '../../components/card.tsx'
import { Filter, SearchField } from '../../components/field.tsx'
import { PagedTable } from '../../tables/paged-table.tsx'
import { useDebounced } from '../use-debounced.ts'
import { eventColumns } from './event-columns.tsx'
import { eventStates } from './event-state.ts'

/** Every event that Stripe sent, with its state and a button that runs it again. */
export function InboxSection() {
  const [search, setSearch] = useState('')
  const [state, setState] = useState<InboxEvent['state'] | ''>('')
  const settled = useDebounced(search.trim())
  const events = trpc.admin.webhookEvents.useInfiniteQuery(
    { limit: 25, ...(settled && { search: settled }), ...(state && { state }) },
    { getNextPageParam: (page) => page.nextCursor, placeholderData: keepPreviousData },
  )
  const filtered = settled !== '' || state !== ''
  return (
    <Section title="Webhook inbox" hint="Events from Stripe, kept for at least 30 days.">
      <div className="tg:mb-4 tg:flex tg:flex-wrap tg:gap-3">
        <SearchField
          label="Search events"
          placeholder="E-mail, or the id of an event, customer or object"
          value={search}
          onChange={setSearch}
        />
        <Filter
          label="State"
          all="All states"
          value={state}
          options={eventStates}
          onChange={setState}
        />
      </div>
      <Card>
        <PagedTable
          query={events}
          what="events"
          columns={eventColumns}
          rowKey={(event) => event.id}
          empty={filtered ? 'No event matches. Try fewer filters.' : 'Stripe has sent nothing yet.'}
        />
      </Card>
    </Section>
  )
}
