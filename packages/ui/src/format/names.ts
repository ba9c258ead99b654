import type { Catalog } from '../api/types.ts'

// What has left the catalogue, or was never in it, goes by its id.

/** What a meter is called. */
export function meterName({ meters }: Catalog, id: string): string {
  return meters.find((meter) => meter.id === id)?.name ?? id
}

/** What one counts with a meter, for so many: `token` for one, else `tokens`. */
export function unitOf({ meters }: Catalog, id: string, count: number): string {
  const [one, several] = meters.find((meter) => meter.id === id)?.unit ?? [id, id]
  return count === 1 ? one : several
}

/** What a plan is called. Null is the plan of a price that belongs to none. */
export function planName({ plans }: Catalog, id: string | null): string {
  if (id === null) return 'Unknown plan'
  return plans.find((plan) => plan.id === id)?.name ?? id
}
