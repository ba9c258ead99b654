import { describe, expect, test } from 'vitest'
import {
  awaitsFirstPayment,
  billedStatuses,
  endedStatuses,
  givesQuota,
  hasEnded,
  isPaidUp,
  precedence,
  runningStatuses,
} from '../../src/subscriptions/index.ts'

const NOW = new Date('2026-11-15T12:00:00.000Z')
const at = { now: NOW, graceDays: 7 }

test('a subscription runs until it has ended, and each status does one of the two', () => {
  expect(endedStatuses).toEqual(['incomplete_expired', 'canceled'])
  expect(runningStatuses).toEqual([
    'active',
    'trialing',
    'past_due',
    'unpaid',
    'paused',
    'incomplete',
  ])
  expect(endedStatuses.every(hasEnded)).toBe(true)
  expect(runningStatuses.some(hasEnded)).toBe(false)
})

test('the subscription that counts is the first by status, and an unknown status is the last', () => {
  const statuses = ['new_at_stripe', ...endedStatuses, ...runningStatuses.toReversed()]
  expect(statuses.toSorted((a, b) => precedence(a) - precedence(b))).toEqual([
    ...runningStatuses,
    ...endedStatuses,
    'new_at_stripe',
  ])
})

test('only active and past_due are billed; only active and trialing owe nothing', () => {
  expect(billedStatuses).toEqual(['active', 'past_due'])
  expect(runningStatuses.filter(isPaidUp)).toEqual(['active', 'trialing'])
  expect(runningStatuses.filter(awaitsFirstPayment)).toEqual(['incomplete'])
})

describe('quota', () => {
  test('is given while active or trialing, and in no other status but past_due', () => {
    const giving = [...runningStatuses, ...endedStatuses].filter((status) =>
      givesQuota({ status, pastDueSince: null }, at),
    )
    expect(giving).toEqual(['active', 'trialing'])
  })

  test.each([
    ['a millisecond before its grace ends', '2026-11-08T12:00:00.001Z', true],
    ['once its grace has ended', '2026-11-08T12:00:00.000Z', false],
  ])('of a past_due subscription: %s', (_, since, expected) => {
    const standing = { status: 'past_due', pastDueSince: new Date(since) }
    expect(givesQuota(standing, at)).toBe(expected)
  })

  test('is not given in a status that Stripe added later', () => {
    const unknown = { status: 'new_at_stripe', pastDueSince: NOW }
    expect(givesQuota(unknown, at)).toBe(false)
    expect(hasEnded('new_at_stripe')).toBe(false)
    expect(isPaidUp('toString')).toBe(false)
  })
})
