import type { Balance } from '../api/types.ts'
import { meterLevel } from './meter-level.ts'

/**
 * At most `most` meters, those nearest to their limits, in the order given. `more` is how many others there are. A meter
 * without quota and usage is left out.
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
