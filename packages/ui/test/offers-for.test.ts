import { expect, test } from 'vitest'
import type { PlanOffer, Subscription } from '../src/api/types.ts'
import { offersFor } from '../src/dashboard/change/offers-for.ts'

function offer(id: string, otherAmounts: Record<string, number> = {}): PlanOffer {
  return {
    id,
    name: id,
    description: '',
    currency: 'usd',
    unitAmount: 1_900,
    interval: 'month',
    otherAmounts,
    limits: {},
    unlimited: {},
    trialDays: 0,
  }
}

const subscription: Subscription = {
  id: 'sub_1',
  plan: 'team',
  price: {
    currency: 'usd',
    unitAmount: 4_900,
    quantity: 5,
    amount: 24_500,
    interval: 'month',
    intervalCount: 1,
  },
  status: 'active',
  currentPeriodStart: '2026-11-03T10:00:00.000Z',
  currentPeriodEnd: '2026-12-03T10:00:00.000Z',
  cancelAt: null,
  trialEnd: null,
  pendingPlan: 'starter',
  pendingAt: '2026-12-03T10:00:00.000Z',
  graceEndsAt: null,
  collectionPaused: null,
}
const inEuros = { ...subscription, price: { ...subscription.price, currency: 'eur' } }

test('what there is to change to is neither the present plan nor the one to come', () => {
  const offers = [offer('team'), offer('starter'), offer('business')]
  expect(offersFor(subscription, offers).map(({ id }) => id)).toEqual(['business'])
})

test('it costs what all seats cost, in the subscription’s own currency', () => {
  expect(offersFor(subscription, [offer('business')])).toMatchObject([
    { currency: 'usd', unitAmount: 9_500 },
  ])
  expect(offersFor(inEuros, [offer('business', { eur: 1_700 })])).toMatchObject([
    { currency: 'eur', unitAmount: 8_500 },
  ])
})

test('what is not sold in that currency is not offered', () => {
  expect(offersFor(inEuros, [offer('business', { gbp: 1_500 })])).toEqual([])
})
