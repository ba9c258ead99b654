import { expect, test } from 'vitest'
import type { PlanOffer, Subscription } from '../src/api/types.ts'
import { keyOf, offersFor } from '../src/dashboard/change/offers-for.ts'
import { currenciesOf, intervalsOf, offersAt } from '../src/dashboard/offers/offers-at.ts'

function offer(id: string, otherAmounts: Record<string, number> = {}, year?: number): PlanOffer {
  const amounts = Object.entries({ usd: 1_900, ...otherAmounts })
  const months = amounts.map(([currency, unitAmount]) => {
    return { interval: 'month' as const, currency, unitAmount }
  })
  const years = year ? [{ interval: 'year' as const, currency: 'usd', unitAmount: year }] : []
  return {
    id,
    name: id,
    description: '',
    currency: 'usd',
    unitAmount: 1_900,
    interval: 'month',
    otherAmounts,
    prices: [...months, ...years],
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
  pendingInterval: 'month',
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

test('each interval is an offer, also of the present plan', () => {
  const offers = [offer('team', {}, 19_000), offer('starter', {}, 9_000)]
  expect(offersFor(subscription, offers).map(keyOf)).toEqual(['team year', 'starter year'])
  const yearly = { ...subscription, price: { ...subscription.price, interval: 'year' } }
  expect(offersFor(yearly, offers)).toMatchObject([
    { id: 'team', interval: 'month', unitAmount: 9_500 },
    { id: 'starter', interval: 'year', unitAmount: 45_000 },
  ])
})

test('the plans are shown at the chosen interval and currency, or at the interval that they have', () => {
  const offers = [offer('team', { eur: 1_700 }, 19_000), offer('starter', { eur: 800 })]
  expect(intervalsOf(offers)).toEqual(['month', 'year'])
  expect(currenciesOf(offers)).toEqual(['usd', 'eur'])
  expect(offersAt(offers, { interval: 'year', currency: 'usd' })).toMatchObject([
    { interval: 'year', unitAmount: 19_000 },
    { interval: 'month', unitAmount: 1_900 },
  ])
  expect(offersAt(offers, { interval: 'month', currency: 'eur' })).toMatchObject([
    { currency: 'eur', unitAmount: 1_700 },
    { currency: 'eur', unitAmount: 800 },
  ])
  expect(offersAt(offers, { interval: 'month', currency: 'gbp' })).toEqual([])
})
