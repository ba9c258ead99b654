import type { Catalog } from '../api/types.ts'

// A meter or plan that is not in the catalogue, such as a former one, is shown by its id.

/** A meter's name. */
export function meterName({ meters }: Catalog, id: string): string {
  return meters.find((meter) => meter.id === id)?.name ?? id
}

/** A meter's unit for a count: singular for 1, else plural. */
export function unitOf({ meters }: Catalog, id: string, count: number): string {
  const [one, several] = meters.find((meter) => meter.id === id)?.unit ?? [id, id]
  return count === 1 ? one : several
}

/** The plan that whoever has no subscription has; null: there is none. */
export function freePlanName({ plans }: Catalog): string | null {
  return plans.find(({ free }) => free)?.name ?? null
}

/** A plan's name. Null is a price that belongs to no plan. */
export function planName({ plans }: Catalog, id: string | null): string {
  if (id === null) return 'Unknown plan'
  return plans.find((plan) => plan.id === id)?.name ?? id
}
