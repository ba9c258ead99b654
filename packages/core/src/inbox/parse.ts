import { isStorableInstant } from '../instant.ts'
import { isStorableText, MAX_TEXT_LENGTH } from '../text.ts'

/** All that is read from an event: what it is, and which customer it is about. */
export interface InboxEvent {
  id: string
  /** As in snapshot events: the `v1.` of a thin one is left out. */
  type: string
  /** Null where it is about no customer, or does not name one. */
  customerId: string | null
  /** The object that a thin event is about, where that is not the customer. */
  objectId: string | null
  createdAt: Date
  livemode: boolean
}

/**
 * Reads an event's ids. Null for a body that is not an event. Reads snapshot events (`created` in seconds, the object
 * inside) and thin ones (`created` as text, a reference to the object).
 */
export function parseEvent(body: string): InboxEvent | null {
  const event = parseJson(body)
  if (!isRecord(event)) return null
  const { created, livemode } = event
  const [id, type] = [textOf(event['id']), textOf(event['type'])]
  const subject = subjectOf(event)
  if (id === null || type === null) return null
  if (![id, type, subject.customerId, subject.objectId].every(isStorable)) return null
  const createdAt =
    typeof created === 'number' ? new Date(created * 1_000) : new Date(String(created))
  if (!isStorableInstant(createdAt)) return null
  return {
    id,
    type: type.replace(/^v1\./, ''),
    ...subject,
    createdAt,
    livemode: livemode === true,
  }
}

/**
 * The customer that the event's object is or belongs to; of a thin event the object itself, of a dispute or
 * refund its charge: that one names the customer.
 */
function subjectOf(event: Record<string, unknown>): Pick<InboxEvent, 'customerId' | 'objectId'> {
  const { data, related_object: reference } = event
  const object = isRecord(data) ? data['object'] : undefined
  if (isRecord(object) && (object['object'] === 'dispute' || object['object'] === 'refund')) {
    return { customerId: null, objectId: idOf(object['charge']) }
  }
  if (isRecord(object)) {
    const isCustomer = object['object'] === 'customer'
    return {
      customerId: isCustomer ? textOf(object['id']) : idOf(object['customer']),
      objectId: null,
    }
  }
  const related = isRecord(reference) ? textOf(reference['id']) : null
  return isRecord(reference) && reference['type'] === 'customer'
    ? { customerId: related, objectId: null }
    : { customerId: null, objectId: related }
}

function idOf(reference: unknown): string | null {
  return isRecord(reference) ? textOf(reference['id']) : textOf(reference)
}

function isStorable(text: string | null): boolean {
  return text === null || (text.length <= MAX_TEXT_LENGTH && isStorableText(text))
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
