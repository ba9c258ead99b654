import type { Balance } from '../api/types.ts'

type Count = Pick<Balance, 'used' | 'reserved' | 'limit' | 'unlimited'>

/** How full a meter is, as far as a bar can show it. */
export interface MeterLevel {
  /** `none`: nothing may be used of it. */
  state: 'unlimited' | 'none' | 'fine' | 'near' | 'full'
  /** Of the bar, 0 to 100; together never above 100. */
  usedPercent: number
  reservedPercent: number
}

const NEAR = 0.8

/** Places a balance on a bar. Full means that not one more fits; over the limit looks full, too. */
export function meterLevel({ used, reserved, limit, unlimited }: Count): MeterLevel {
  if (unlimited) return { state: 'unlimited', usedPercent: 0, reservedPercent: 0 }
  if (limit === 0) return { state: 'none', usedPercent: used > 0 ? 100 : 0, reservedPercent: 0 }
  const usedPercent = Math.min(100, (used / limit) * 100)
  const reservedPercent = Math.min(100 - usedPercent, (reserved / limit) * 100)
  const taken = (used + reserved) / limit
  const state = taken >= 1 ? 'full' : taken >= NEAR ? 'near' : 'fine'
  return { state, usedPercent, reservedPercent }
}

/** `12%`: whole percents, never rounded up to 100 nor down to 0 while that isn't so. */
export function formatShare(used: number, limit: number): string {
  if (used === 0) return '0%'
  const percent = (used / limit) * 100
  if (percent < 1) return '<1%'
  return `${percent < 100 ? Math.min(99, Math.round(percent)) : Math.floor(percent)}%`
}
