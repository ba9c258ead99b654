import type { Meter } from './plans.ts'
import { catalog } from './plans.ts'

/** Something for each meter. */
export function perMeter<T>(value: (meter: Meter) => T): Record<Meter, T> {
  const entries = catalog.meterIds.map((meter) => [meter, value(meter)] as const)
  // Object.fromEntries forgets which keys it was given; these are all of them.
  return Object.fromEntries(entries) as Record<Meter, T>
}
