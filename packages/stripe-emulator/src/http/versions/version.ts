import { API_VERSION } from '../../core/account.ts'
import { invalidRequest, notEmulated } from '../../core/errors.ts'

/** The day on which each named line of versions began; before the first, versions had no name. */
const LINES = [
  { name: 'acacia', from: '2024-09-30' },
  { name: 'basil', from: '2025-03-31' },
  { name: 'clover', from: '2025-09-30' },
  { name: 'dahlia', from: '2026-03-25' },
  { name: 'endive', from: '2026-09-30' },
]
const FIRST = '2011-01-01'

/**
 * A version of Stripe's API that is the pinned one or older: `2026-10-28.endive`, `2024-06-20`. Any
 * day within a line is taken; another name, a later day and previews are refused with 400.
 */
export function checkVersion(version: string): string {
  const [, day, name] = /^(\d{4}-\d{2}-\d{2})(?:\.(\w+))?$/.exec(version) ?? []
  if (name === 'preview') throw notEmulated(`the preview version ${version}`)
  if (day === undefined || day < FIRST || day > dayOf(API_VERSION) || name !== lineOf(day)) {
    throw invalidRequest(
      `Invalid Stripe API version: ${version}. stripe-emulator follows ${API_VERSION} and knows the versions before it.`,
    )
  }
  return version
}

function lineOf(day: string): string | undefined {
  return LINES.findLast(({ from }) => from <= day)?.name
}

/** The day of a version, by which versions are older or newer. */
export function dayOf(version: string): string {
  return version.slice(0, 10)
}
