import { readFileSync } from 'node:fs'
import { catalog } from '@tollgate/testing/catalog'
import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { mapInvoice, mapSubscription } from '../../src/sync/map-rows.ts'

const folder = new URL('../../../../tooling/testing/stripe-recorded/shared/', import.meta.url)

interface Exchange {
  method: string
  path: string
  status: number
  response: { object?: string }
}

const known = {
  catalog,
  configured: { basic: { month: 'small-monthly' }, pro: { year: 'small-annual' } },
  remembered: new Map(),
}

/** The subscriptions that Stripe answered in a recording, in order. */
function subscriptionsIn(name: string): Stripe.Subscription[] {
  return read(name, 'subscription')
}

function invoicesIn(name: string): Stripe.Invoice[] {
  return read(name, 'invoice')
}

function read<T>(name: string, object: string): T[] {
  const exchanges: Exchange[] = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
  return JSON.parse(
    JSON.stringify(
      exchanges.map(({ response }) => response).filter((body) => body.object === object),
    ),
  )
}

const seconds = (value: number) => new Date(value * 1_000)

describe('objects recorded from Stripe', () => {
  test('a new subscription', () => {
    const [subscription] = subscriptionsIn('can-create-a-subscription')
    expect(subscription && mapSubscription(subscription, { invoices: [] }, known)).toEqual({
      id: 'sub_1SRzqCKXBGcbgpbZ9C2XUF1a',
      customer_id: 'cus_TOnRzwk3w8KAot',
      status: 'active',
      price_id: 'small-monthly',
      plan: 'basic',
      currency: 'usd',
      unit_amount: 2_500,
      net_amounts: null,
      interval: 'month',
      interval_count: 1,
      pending_plan: null,
      pending_interval: null,
      pending_at: null,
      quantity: 1,
      current_period_start: seconds(1_762_799_364),
      current_period_end: seconds(1_765_391_364),
      cancel_at: null,
      ended_at: null,
      trial_end: null,
      billing_cycle_anchor: seconds(1_762_799_364),
      schedule_id: null,
      past_due_since: null,
      pause_behavior: null,
      pause_resumes_at: null,
      overage_due: false,
      created_at: seconds(1_762_799_364),
    })
  })

  test('its invoice', () => {
    const [invoice] = invoicesIn('can-create-a-subscription')
    expect(invoice && mapInvoice(invoice, [])).toMatchObject({
      id: 'in_1SRzqCKXBGcbgpbZs4xgnmrX',
      customer_id: 'cus_TOnRzwk3w8KAot',
      subscription_id: 'sub_1SRzqCKXBGcbgpbZ9C2XUF1a',
      number: '5DXPWF9G-0001',
      status: 'paid',
      currency: 'usd',
      total: 2_500,
      amount_paid: 2_500,
      amount_due: 2_500,
      amount_refunded: 0,
      created_at: seconds(1_762_799_364),
      hosted_url: expect.stringMatching(/^https:/),
      pdf_url: expect.stringMatching(/^https:/),
    })
  })

  test('another price: the plan, the amount and the period change', () => {
    const rows = subscriptionsIn('can-swap-and-invoice-a-subscription').map((subscription) =>
      mapSubscription(subscription, { invoices: [] }, known),
    )
    expect(
      rows.map(({ plan, unit_amount, interval, current_period_end }) => [
        plan,
        unit_amount,
        interval,
        current_period_end,
      ]),
    ).toEqual([
      ['basic', 2_500, 'month', seconds(1_765_391_407)],
      ['pro', 25_000, 'year', seconds(1_794_335_407)],
    ])
  })

  test('a draft has no number; finalised, it has', () => {
    const invoices = invoicesIn('can-swap-and-invoice-a-subscription')
      .map((invoice) => mapInvoice(invoice, []))
      .filter(({ id }) => id === 'in_1SRzr1KXBGcbgpbZBTQfLRW7')
    expect(invoices.map(({ status, number, total }) => [status, number, total])).toEqual([
      ['draft', null, 0],
      ['paid', '9OVNAHHV-0003', 0],
    ])
  })

  test('a trial, then cancelled at once', () => {
    const rows = subscriptionsIn('cancel-now-when-on-trial').map((subscription) =>
      mapSubscription(subscription, { invoices: [] }, known),
    )
    expect(rows.map(({ status, trial_end, ended_at }) => [status, trial_end, ended_at])).toEqual([
      ['trialing', seconds(1_763_144_118), null],
      ['canceled', seconds(1_763_144_118), seconds(1_761_934_520)],
    ])
    expect(rows[0]?.plan).toBeNull()
  })

  test('cancelled at the period’s end, then resumed', () => {
    const rows = subscriptionsIn('resume-on-grace-period').map((subscription) =>
      mapSubscription(subscription, { invoices: [] }, known),
    )
    expect(rows.map(({ status, cancel_at }) => [status, cancel_at])).toEqual([
      ['active', null],
      ['active', seconds(1_765_391_185)],
      ['active', null],
    ])
  })
})
