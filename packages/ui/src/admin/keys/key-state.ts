import type { ApiKey } from '../../api/types.ts'
import type { Tone } from '../../components/badge.tsx'

/** Whether a key is accepted, at a moment. */
export function keyState(
  { revokedAt, expiresAt }: Pick<ApiKey, 'revokedAt' | 'expiresAt'>,
  nowMs: number,
): { name: 'Active' | 'Expired' | 'Revoked'; tone: Tone } {
  if (revokedAt) return { name: 'Revoked', tone: 'neutral' }
  if (expiresAt && Date.parse(expiresAt) <= nowMs) return { name: 'Expired', tone: 'neutral' }
  return { name: 'Active', tone: 'success' }
}

/** The last millisecond of a day in UTC: a key that expires on a day works on that day. */
export function endOfDay(date: string): string {
  return `${date}T23:59:59.999Z`
}
