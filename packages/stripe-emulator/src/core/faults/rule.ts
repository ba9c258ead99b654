import type { DeliveryFault, RequestFault } from './fault.ts'

/** How often a fault happens; always, by default. */
export interface Occurrence {
  /** A name to remove it by; adding a fault with the id of another replaces that one. */
  id?: string | undefined
  /** The fault happens this many times, then no more. */
  times?: number | undefined
  /** The chance that it happens, above 0 and up to 1. */
  probability?: number | undefined
  /** The seed of the random numbers: the same seed and the same requests give the same faults. */
  seed?: number | undefined
}

/**
 * A fault and its scope. `request` is a path with or without a method
 * (`POST /v1/customers`, `/v1/invoices/:id/pay`), `webhook` a type of event (`invoice.paid`);
 * `*` stands for any characters, `:id` for one segment of a path.
 */
export type FaultRule = Occurrence &
  ((RequestFault & { request: string }) | (DeliveryFault & { webhook: string }))

/** An active fault with its counts. */
export type FaultState = FaultRule & {
  id: string
  /** How many requests or webhooks matched its scope. */
  matched: number
  /** How many of them it affected. */
  happened: number
  /** It has happened `times` times and does nothing any more. */
  spent: boolean
}

/** The regular expression for a pattern of paths or event types. */
export function patternOf(pattern: string): RegExp {
  const parts = pattern.split(/(\*|:\w+)/).map((part) => {
    if (part === '*') return '.*'
    return part.startsWith(':') ? '[^/]+' : escapeRegExp(part)
  })
  return new RegExp(`^${parts.join('')}$`)
}

function escapeRegExp(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
}
