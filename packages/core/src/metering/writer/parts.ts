/** Where the units of a use were taken from: each from exactly one of these. */
export interface Parts {
  /** From the allowance of the window. */
  allowance: number
  /** From grants, in the order in which they were used. */
  grants: readonly GrantPart[]
  /** From overage. */
  overage: number
  /** What fitted nowhere. It counts against the allowance. */
  over: number
  /** Where the overage was sold; null for none, and while it is only held. */
  sale: Sale | null
}

export type GrantPart = readonly [grantId: string, units: number]

/** A row of sales: an hour in a billing period of a subscription. Instants in ISO 8601. */
export interface Sale {
  subscription: string
  period: string
  hour: string
}

/** What may be taken from where, in the order of use. */
export interface Openings {
  allowance: number
  grants: readonly { id: string; remaining: number }[]
  overage: number
}

/** Of the allowance alone: nearly every use. */
export function ofAllowance(allowance: number): Parts {
  return { allowance, grants: NO_GRANTS, overage: 0, over: 0, sale: null }
}

const NO_GRANTS: readonly GrantPart[] = []

/** Fills an amount from the allowance, then from the grants in their order, then from overage; the rest is over. */
export function fill(amount: number, openings: Openings): Parts {
  if (amount <= openings.allowance) return ofAllowance(amount)
  let left = amount
  const take = (available: number) => {
    const taken = Math.min(left, available)
    left -= taken
    return taken
  }
  const allowance = take(openings.allowance)
  const grants = openings.grants.flatMap(({ id, remaining }): GrantPart[] => {
    const taken = take(remaining)
    return taken > 0 ? [[id, taken]] : []
  })
  const overage = take(openings.overage)
  return { allowance, grants, overage, over: left, sale: null }
}

/**
 * The first `amount` units of what was held: the rest is given back, the last part first. What is more than held is over,
 * and yet to be filled.
 */
export function keepFirst(held: Parts, amount: number): Parts {
  const grants = held.grants.map(([id, units]) => ({ id, remaining: units }))
  return fill(amount, { allowance: held.allowance, grants, overage: held.overage })
}

/** Both together; each grant once. */
export function join(a: Parts, b: Parts): Parts {
  const grants = new Map(a.grants)
  for (const [id, units] of b.grants) grants.set(id, (grants.get(id) ?? 0) + units)
  return {
    allowance: a.allowance + b.allowance,
    grants: [...grants],
    overage: a.overage + b.overage,
    over: a.over + b.over,
    sale: a.sale ?? b.sale,
  }
}

/** How many units parts are. */
export function unitsOf(parts: Parts): number {
  return parts.allowance + creditedOf(parts) + parts.overage + parts.over
}

/** What of parts was taken from grants. */
export function creditedOf({ grants }: Parts): number {
  let sum = 0
  for (const [, units] of grants) sum += units
  return sum
}

/** Parts in the ledger: without the allowance, and null where that is all. */
export interface StoredParts {
  grants?: readonly GrantPart[]
  overage?: number
  over?: number
  sale?: Sale
}

export function toStored(parts: Parts): string | null {
  const { grants, overage, over, sale } = parts
  if (grants.length === 0 && overage === 0 && over === 0) return null
  const stored: StoredParts = {
    ...(grants.length > 0 && { grants }),
    ...(overage > 0 && { overage }),
    ...(over > 0 && { over }),
    ...(overage > 0 && sale && { sale }),
  }
  return JSON.stringify(stored)
}

/** The parts of an amount as the ledger has them. */
export function fromStored(amount: number, stored: StoredParts | null): Parts {
  if (stored === null) return ofAllowance(amount)
  const { grants = NO_GRANTS, overage = 0, over = 0, sale = null } = stored
  const parts = { allowance: 0, grants, overage, over, sale }
  return { ...parts, allowance: amount - creditedOf(parts) - overage - over }
}
