import { expect, test } from 'vitest'
import type { ChangePreview } from '../src/api/types.ts'
import { isLater } from '../src/dashboard/change/change-preview.tsx'

const upgrade: ChangePreview = {
  currency: 'usd',
  dueNow: 3_000,
  nextAmount: 4_900,
  nextAt: '2026-12-03T10:00:00.000Z',
  effectiveAt: '2026-11-22T10:00:00.000Z',
  prorationDate: '2026-11-22T10:00:00.000Z',
  lines: [],
}

test('a change that takes effect at the instant it is priced for is of now', () => {
  expect(isLater(upgrade)).toBe(false)
})

test('a change that waits for the period’s end is later, even by a second', () => {
  expect(isLater({ ...upgrade, effectiveAt: upgrade.nextAt })).toBe(true)
  expect(isLater({ ...upgrade, effectiveAt: '2026-11-22T10:00:01.000Z' })).toBe(true)
})
