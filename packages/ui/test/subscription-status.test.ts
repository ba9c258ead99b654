import { describe, expect, test } from 'vitest'
import type { Subscription } from '../src/api/types.ts'
import {
  currentStatuses,
  endsWithPeriod,
  isRunning,
  nextStep,
  problemOf,
  subscriptionStatus,
} from '../src/dashboard/subscription-status.ts'
import { catalog } from './catalog.ts'

const active: Subscription = {
  id: 'sub_1',
  plan: 'team',
  price: {
    currency: 'usd',
    unitAmount: 4_900,
    quantity: 1,
    amount: 4_900,
    interval: 'month',
    intervalCount: 1,
  },
  status: 'active',
  currentPeriodStart: '2026-11-03T10:00:00.000Z',
  currentPeriodEnd: '2026-12-03T10:00:00.000Z',
  cancelAt: null,
  trialEnd: null,
  pendingPlan: null,
  pendingInterval: null,
  pendingAt: null,
  graceEndsAt: null,
  collectionPaused: null,
}

describe('what comes next', () => {
  test('an active plan renews at the end of its period', () => {
    expect(nextStep(catalog, active)?.text).toBe('Renews on 3 December 2026')
  })

  test('a canceled one ends, whatever else is pending', () => {
    const ending = { ...active, cancelAt: active.currentPeriodEnd, pendingPlan: 'starter' }
    expect(nextStep(catalog, ending)?.text).toBe('Ends on 3 December 2026')
  })

  test('a trial ends on its last day', () => {
    const trial = { ...active, status: 'trialing', trialEnd: '2026-11-17T00:00:00.000Z' }
    expect(nextStep(catalog, trial)?.text).toBe('Trial ends on 17 November 2026')
  })

  test('a pending plan is named with its day', () => {
    const at = { pendingAt: active.currentPeriodEnd, pendingInterval: 'month' }
    const pending = { ...active, pendingPlan: 'starter', ...at }
    expect(nextStep(catalog, pending)?.text).toBe('Changes to Starter on 3 December 2026')
  })

  test('nothing renews while it is not paid', () => {
    for (const status of ['past_due', 'unpaid', 'incomplete', 'paused']) {
      expect(nextStep(catalog, { ...active, status })).toBeNull()
    }
  })
})

test('one that is cancelled ends with its period; an end further away does not', () => {
  expect(endsWithPeriod(active)).toBe(false)
  expect(endsWithPeriod({ ...active, cancelAt: active.currentPeriodEnd })).toBe(true)
  expect(endsWithPeriod({ ...active, cancelAt: '2027-06-01T00:00:00.000Z' })).toBe(false)
})

test('runs while it is paid or in its trial, and at no other status', () => {
  const statuses = ['active', 'trialing', 'past_due', 'unpaid', 'paused', 'incomplete', 'canceled']
  const running = statuses.filter((status) => isRunning({ ...active, status }))
  expect(running).toEqual(['active', 'trialing'])
})

test('users can be filtered by no status of a subscription that has ended', () => {
  const values = currentStatuses.map(({ value }) => value)
  expect(values).not.toContain('canceled')
  expect(values).not.toContain('incomplete_expired')
})

describe('what the customer is told', () => {
  test('nothing while all is well', () => {
    expect(problemOf(active)).toBeNull()
    expect(problemOf({ ...active, status: 'trialing' })).toBeNull()
  })

  test('past due says until when the quota stays', () => {
    const pastDue = { ...active, status: 'past_due', graceEndsAt: '2026-11-28T09:00:00.000Z' }
    expect(problemOf(pastDue)?.message).toContain('before 28 November 2026 (UTC)')
  })

  test.each(['past_due', 'unpaid', 'incomplete', 'paused'])('%s is never silent', (status) => {
    expect(problemOf({ ...active, status })).not.toBeNull()
  })

  test('a payment that was lost to a dispute, and until when the quota stays', () => {
    const lost = { ...active, graceEndsAt: '2026-11-28T09:00:00.000Z' }
    expect(problemOf(lost)).toMatchObject({
      title: 'Your bank took a payment back',
      message: expect.stringContaining('until 28 November 2026 (UTC)'),
    })
  })

  test('a pause of collection, and until when', () => {
    const paused = { ...active, collectionPaused: { resumesAt: '2026-12-15T09:00:00.000Z' } }
    expect(problemOf(paused)?.message).toBe(
      'You are not charged until 15 December 2026. Your quota stays.',
    )
    expect(problemOf({ ...active, collectionPaused: { resumesAt: null } })?.message).toContain(
      'for now',
    )
  })

  test('a price of no plan is said, since it gives no quota', () => {
    expect(problemOf({ ...active, plan: null })?.title).toBe('This price belongs to no plan')
  })

  test('a status that Stripe invents later is shown as it is, and breaks nothing', () => {
    expect(subscriptionStatus('hibernating')).toEqual({ name: 'hibernating', tone: 'neutral' })
    expect(subscriptionStatus('constructor').name).toBe('constructor')
    expect(problemOf({ ...active, status: 'hibernating' })).toBeNull()
  })
})
