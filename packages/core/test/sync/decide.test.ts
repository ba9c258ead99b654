import { catalog } from '@tollgate/testing/catalog'
import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { decide } from '../../src/sync/decide.ts'
import type { StripeState } from '../../src/sync/fetch-customer.ts'
import { chargeOf, DAY, invoiceOf, NOW, priceOf, subscriptionOf } from '../stripe/stripe-objects.ts'

const nothingKnown = { catalog, configured: {}, remembered: new Map<string, string>() }
const unknownPrice = priceOf({ id: 'price_x', lookup_key: null })

function rowsOf(state: Partial<StripeState>, known = nothingKnown) {
  return decide({ subscriptions: [], invoices: [], charges: [], ...state }, known)
}

function currentOf(...subscriptions: Stripe.Subscription[]) {
  return rowsOf({ subscriptions }).subscriptions.filter((row) => row.is_current)
}

describe('the subscription that counts', () => {
  test.each(['canceled', 'incomplete_expired'])('one that is %s does not', (status) => {
    const rows = rowsOf({ subscriptions: [subscriptionOf({ status })] })
    expect(rows.subscriptions).toMatchObject([{ status, is_current: false }])
    expect(rows.quotas).toEqual([])
  })

  const order = ['active', 'trialing', 'past_due', 'unpaid', 'paused', 'incomplete', 'canceled']
  test.each(order.slice(1).map((status, index) => [order[index], status]))(
    'is %s rather than %s, though that is newer',
    (first, second) => {
      const older = subscriptionOf({ id: 'sub_old', status: first, created: NOW - DAY })
      const newer = subscriptionOf({ id: 'sub_new', status: second })
      expect(currentOf(older, newer)).toMatchObject([{ id: 'sub_old' }])
      expect(currentOf(newer, older)).toMatchObject([{ id: 'sub_old' }])
    },
  )

  test('is the newest of one status', () => {
    const older = subscriptionOf({ id: 'sub_old', created: NOW - DAY })
    expect(currentOf(older, subscriptionOf({ id: 'sub_new' }))).toMatchObject([{ id: 'sub_new' }])
  })

  test('has a price of ours, before one that is active at an unknown price', () => {
    const ours = subscriptionOf({ id: 'sub_ours', status: 'past_due' })
    const other = subscriptionOf({ id: 'sub_other', price: unknownPrice })
    expect(currentOf(other, ours)).toMatchObject([{ id: 'sub_ours' }])
  })

  test('is one, and quotas never add up', () => {
    const rows = rowsOf({
      subscriptions: [subscriptionOf({ id: 'sub_a' }), subscriptionOf({ id: 'sub_b' })],
    })
    expect(rows.quotas.map(({ meter, limit_amount }) => [meter, limit_amount])).toEqual([
      ['tokens', 1_000_000],
      ['apiCalls', 10_000],
      ['scrapingTasks', 1_000],
    ])
    expect(rows.running).toBe(2)
  })
})

describe('the plan of a price', () => {
  const planOf = (price: Stripe.Price, known: Parameters<typeof decide>[1]) =>
    decide({ subscriptions: [subscriptionOf({ price })], invoices: [], charges: [] }, known)
      .subscriptions[0]?.plan

  test('is found by environment, lookup key, stored prices, then metadata', () => {
    const remembered = new Map([['price_x', 'pro']])
    const configured = { enterprise: { month: 'price_x' } }
    const metadata = { tollgate_plan: 'basic' }
    const all = priceOf({ id: 'price_x', lookup_key: 'tollgate_basic', metadata })
    const noKey = priceOf({ id: 'price_x', lookup_key: null, metadata })
    expect(planOf(all, { catalog, configured, remembered })).toBe('enterprise')
    expect(planOf(all, { catalog, configured: {}, remembered })).toBe('basic')
    expect(planOf(noKey, { catalog, configured: {}, remembered })).toBe('pro')
    expect(planOf(noKey, nothingKnown)).toBe('basic')
    expect(planOf(unknownPrice, nothingKnown)).toBeNull()
  })

  test('is not one that the catalogue does not have', () => {
    const remembered = new Map([['price_x', 'gold']])
    expect(planOf(unknownPrice, { catalog, configured: {}, remembered })).toBeNull()
    expect(planOf(priceOf({ lookup_key: 'tollgate_gold' }), nothingKnown)).toBeNull()
  })

  test('unknown gives no quota, and is never unlimited', () => {
    const { quotas } = rowsOf({ subscriptions: [subscriptionOf({ price: unknownPrice })] })
    expect(quotas).toHaveLength(3)
    for (const quota of quotas) {
      expect(quota).toMatchObject({ plan: null, limit_amount: 0, unlimited: false })
    }
  })

  test('is remembered once it is known', () => {
    const subscriptions = [subscriptionOf(), subscriptionOf({ id: 'sub_2' })]
    const found = {
      id: 'price_pro',
      plan: 'pro',
      currency: 'usd',
      unitAmount: 4_900,
      interval: 'month',
      otherAmounts: {},
    }
    expect(rowsOf({ subscriptions }).newPrices).toEqual([found])
    const known = { catalog, configured: {}, remembered: new Map([['price_pro', 'pro']]) }
    expect(rowsOf({ subscriptions }, known).newPrices).toEqual([])
  })

  test('is that of the item of ours, with its period, where a subscription has several', () => {
    const subscription = subscriptionOf()
    const [item] = subscription.items.data
    subscription.items.data.unshift(
      ...subscriptionOf({ price: unknownPrice }).items.data.map((other) => ({
        ...other,
        current_period_end: NOW + DAY,
      })),
    )
    expect(currentOf(subscription)).toMatchObject([
      {
        plan: 'pro',
        price_id: 'price_pro',
        current_period_end: new Date((item?.current_period_end ?? 0) * 1_000),
      },
    ])
  })
})

describe('past due', () => {
  const pastDue = subscriptionOf({ status: 'past_due' })
  const sinceOf = (invoices: Stripe.Invoice[]) =>
    rowsOf({ subscriptions: [pastDue], invoices }).quotas[0]?.past_due_since

  test('since the oldest open invoice of the subscription was finalised', () => {
    const invoices = [
      invoiceOf({ id: 'in_3', status: 'open', finalizedAt: NOW + 2 * DAY }),
      invoiceOf({ id: 'in_2', status: 'open', finalizedAt: NOW + DAY }),
      invoiceOf({ id: 'in_1', status: 'paid', finalizedAt: NOW }),
      invoiceOf({ id: 'in_0', status: 'open', finalizedAt: NOW - DAY, subscription: 'sub_other' }),
    ]
    expect(sinceOf(invoices)).toEqual(new Date((NOW + DAY) * 1_000))
  })

  test('since the period began, where no invoice is open', () => {
    expect(sinceOf([invoiceOf({ status: 'void' })])).toEqual(new Date(NOW * 1_000))
  })

  test('never, where the status is another', () => {
    const { quotas } = rowsOf({
      subscriptions: [subscriptionOf()],
      invoices: [invoiceOf({ status: 'open' })],
    })
    expect(quotas[0]?.past_due_since).toBeNull()
  })
})

describe('a row', () => {
  test('says when a subscription ends, though only the portal’s `cancel_at` is set', () => {
    const cancelAt = NOW + 30 * DAY
    expect(currentOf(subscriptionOf({ cancel_at: cancelAt }))).toMatchObject([
      { cancel_at: new Date(cancelAt * 1_000) },
    ])
  })

  test('says what was refunded of an invoice, by the charges of its payments', () => {
    const rows = rowsOf({
      invoices: [invoiceOf(), invoiceOf({ id: 'in_2', payments: { data: [] } })],
      charges: [
        chargeOf({ amount_refunded: 1_000 }),
        chargeOf({ id: 'ch_2', payment_intent: 'pi_of_something_else', amount_refunded: 700 }),
        chargeOf({ id: 'ch_3', payment_intent: null, amount_refunded: 500 }),
      ],
    })
    expect(rows.invoices.map((row) => row.amount_refunded)).toEqual([1_000, 0])
  })

  test('takes objects that were expanded for their ids', () => {
    const subscription = subscriptionOf({
      customer: { id: 'cus_1' },
      schedule: { id: 'sub_sched_1' },
    })
    expect(currentOf(subscription)).toMatchObject([
      { customer_id: 'cus_1', schedule_id: 'sub_sched_1' },
    ])
  })

  test('says that a trial was used, also of a subscription that is over', () => {
    const over = subscriptionOf({ status: 'canceled', trial_end: NOW - DAY })
    expect(rowsOf({ subscriptions: [over] }).trialUsed).toBe(true)
    expect(rowsOf({ subscriptions: [subscriptionOf()] }).trialUsed).toBe(false)
  })
})
