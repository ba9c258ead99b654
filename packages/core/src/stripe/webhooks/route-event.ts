import { priceEventTypes, syncedEventTypes } from './event-types.ts'
import type { InboxEvent } from './inbox-event.ts'

/** Why an event makes nothing happen. */
export type IgnoredBecause = 'other_mode' | 'other_type' | 'no_customer' | 'unknown_customer'

/** Whether an event is to be worked on; null: it is, else why not. */
export function ignoredBecause(event: InboxEvent, livemode: boolean): IgnoredBecause | null {
  if (event.livemode !== livemode) return 'other_mode'
  if (priceEventTypes.has(event.type)) return null
  if (!syncedEventTypes.has(event.type)) return 'other_type'
  return event.customerId === null && event.objectId === null ? 'no_customer' : null
}
