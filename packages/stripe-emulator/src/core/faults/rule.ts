import type { DeliveryFault, RequestFault } from './fault.ts'

/** How often a fault happens; always, where nothing is said. */
export interface Occurrence {
  /** A name to clear it by; setting a fault under a name that is in use replaces that one. */
  id?: string
  /** It happens so many times, and then no more. */
  times?: number
  /** The chance that it happens, above 0 and up to 1. */
  probability?: number
  /** Where the chances are drawn from: the same seed and the same calls give the same faults. */
  seed?: number
}

/**
 * A fault and where it happens. `request` is a path with or without a method
 * (`POST /v1/customers`, `/v1/invoices/:id/pay`), `webhook` a type of event (`invoice.paid`);
 * `*` stands for any characters, `:id` for one segment of a path.
 */
export type FaultRule = Occurrence &
  ((RequestFault & { request: string }) | (DeliveryFault & { webhook: string }))

/** A fault that is set, and what it has done. */
export type FaultState = FaultRule & {
  id: string
  /** How many requests or webhooks were within its scope. */
  matched: number
  /** How many of them it happened to. */
  happened: number
  /** It has happened as often as it was asked to. */
  spent: boolean
}

/** Reads a pattern of paths or of types of events. */
export function patternOf(pattern: string): RegExp {
  const parts = pattern.split(/(\*|:\w+)/).map((part) => {
    if (part === '*') return '.*'
    return part.startsWith(':') ? '[^/]+' : escaped(part)
  })
  return new RegExp(`^${parts.join('')}$`)
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
}
