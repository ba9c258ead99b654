import type { InboxEvent } from '../../api/types.ts'
import type { Tone } from '../../components/badge.tsx'

type State = InboxEvent['state']

/** How to show the state of an event. */
export const eventLooks: Record<State, { name: string; tone: Tone }> = {
  pending: { name: 'Waiting', tone: 'accent' },
  failing: { name: 'Retrying', tone: 'warning' },
  dead: { name: 'Failed', tone: 'danger' },
  handled: { name: 'Handled', tone: 'success' },
  ignored: { name: 'Ignored', tone: 'neutral' },
}

/** The states to filter by, problems first. */
export const eventStates: readonly { value: State; name: string }[] = (
  ['dead', 'failing', 'pending', 'handled', 'ignored'] as const
).map((value) => ({ value, name: eventLooks[value].name }))

/** Why an event changed nothing. */
export const ignoredTexts: Record<NonNullable<InboxEvent['ignoredBecause']>, string> = {
  other_mode: 'In the other mode (live or test) than the key',
  other_type: 'A type that changes nothing here',
  no_customer: 'Not about a customer',
  unknown_customer: 'About an unknown customer',
}
