/** What others are told about a user. */
export type OutgoingType =
  | 'quota.threshold_reached'
  | 'quota.exceeded'
  | 'credits.low'
  | 'credits.granted'
  | 'subscription.changed'
  | 'invoice.payment_failed'

/** An event that is to be written. */
export interface OutgoingEvent {
  userId: string
  type: OutgoingType
  /** What happened. The user's whole state is added when the event is delivered. */
  data: Readonly<Record<string, unknown>>
  /** What happens once: a second event of the user with the same is not written. Null: it may happen again. */
  once: string | null
}

/** Unambiguous, since neither the id of a meter nor the key of a window has the separator. */
export function onceKey(type: OutgoingType, ...of: readonly (string | number)[]): string {
  return [type, ...of].join('|')
}
