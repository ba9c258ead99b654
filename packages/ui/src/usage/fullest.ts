import type { Balance } from '../api/types.ts'
import { meterLevel } from './meter-level.ts'

/**
 * The meters nearest to their limits, at most so many, in the order given; `more`: how many others have a quota or
 * usage. A meter with neither is left out.
 */
export function fullest<T extends Pick<Balance, 'used' | 'reserved' | 'limit' | 'unlimited'>>(
  balances: readonly T[],
  most: number,
): { shown: T[]; more: number } {
  const inUse = balances.filter(
    (balance) => balance.used > 0 || meterLevel(balance).state !== 'none',
  )
  const chosen = new Set(inUse.toSorted((a, b) => share(b) - share(a)).slice(0, most))
  const shown = inUse.filter((balance) => chosen.has(balance))
  return { shown, more: inUse.length - shown.length }
}

function share(balance: Pick<Balance, 'used' | 'reserved' | 'limit' | 'unlimited'>): number {
  const { usedPercent, reservedPercent } = meterLevel(balance)
  return usedPercent + reservedPercent
}
