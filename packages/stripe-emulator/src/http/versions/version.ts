import { API_VERSION } from '../../core/account.ts'
import { invalidRequest, notEmulated } from '../../core/errors.ts'

/** The named releases and the day each began; versions before the first have no name. */
const RELEASES = [
  { name: 'acacia', from: '2024-09-30' },
  { name: 'basil', from: '2025-03-31' },
  { name: 'clover', from: '2025-09-30' },
  { name: 'dahlia', from: '2026-03-25' },
  { name: 'endive', from: '2026-09-30' },
]
const FIRST = '2011-01-01'

/** The first version of a release. */
export const BASIL = '2025-03-31.basil'
export const CLOVER = '2025-09-30.clover'
export const DAHLIA = '2026-03-25.dahlia'
export const ENDIVE = '2026-09-30.endive'

/**
 * Validates an API version, which must be the pinned one or older: `2026-10-28.endive`, `2024-06-20`. Any
 * day within a release is accepted. Throws 400 for another name, a later day and previews.
 */
export function checkVersion(version: string): string {
  const [, day, name] = /^(\d{4}-\d{2}-\d{2})(?:\.(\w+))?$/.exec(version) ?? []
  if (name === 'preview') throw notEmulated(`the preview version ${version}`)
  if (day === undefined || day < FIRST || day > dayOf(API_VERSION) || name !== releaseOf(day)) {
    throw invalidRequest(
      `Invalid Stripe API version: ${version}. stripe-emulator follows ${API_VERSION} and supports the versions before it.`,
    )
  }
  return version
}

function releaseOf(day: string): string | undefined {
  return RELEASES.findLast(({ from }) => from <= day)?.name
}

/** Whether a version is older than another one. */
export function isBefore(version: string, since: string): boolean {
  return dayOf(version) < dayOf(since)
}

/** The day of a version, by which versions are older or newer. */
export function dayOf(version: string): string {
  return version.slice(0, 10)
}
