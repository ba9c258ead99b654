import type { PlanId } from '@tollgate/testing/catalog'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  cancelSubscription,
  changePlan,
  previewChange,
  resumeSubscription,
} from '../../src/index.ts'
import { addUser } from '../harness.ts'
import type { StripeCall } from '../stripe/stripe-proxy.ts'
import type { BillingHarness } from './billing-harness.ts'
import { payFrom, startBilling, stripeSide, subscribe } from './billing-harness.ts'

/** What an operator set on the subscription, and the local Stripe does not know. */
const settings = {
  application_fee_percent: 2.5,
  automatic_tax: { enabled: true, disabled_reason: null, liability: { type: 'self' } },
  collection_method: 'send_invoice',
  default_tax_rates: [{ id: 'txr_vat', object: 'tax_rate' }],
  description: 'As agreed',
  discounts: [{ coupon: null, discount: 'di_half', promotion_code: null }],
  invoice_settings: { days_until_due: 14, description: null, footer: 'Thanks', issuer: null },
  on_behalf_of: 'acct_1',
  transfer_data: { amount_percent: 10, destination: 'acct_2' },
}
const ofItem = {
  discounts: [{ coupon: 'cpn_item', discount: null, promotion_code: null }],
  tax_rates: [{ id: 'txr_item', object: 'tax_rate' }],
}

let billing: BillingHarness
let userId: string
let calls: StripeCall[] = []
let given: Record<string, unknown> = {}
let givenItem: Record<string, unknown> = {}
/** Put over each subscription that Stripe gives. */
let subscription: Record<string, unknown> = {}
/** Items that Stripe gives beside the plan's. */
let furtherItems: unknown[] = []

const SCHEDULES = '/v1/subscription_schedules'

beforeAll(async () => {
  billing = await startBilling({
    hooks: {
      onCall(call) {
        if (call.method === 'POST') calls.push(call)
        // The local Stripe takes what it knows.
        const unknown = /^phases\[\d\]\[(?!items|start|end|duration|proration|metadata|trial_end)/
        const ofItems = /^phases\[\d\]\[items\]\[\d\]\[(discounts|tax_rates)/
        const known = [...call.form].filter(([name]) => !unknown.test(name) && !ofItems.test(name))
        return call.path.startsWith(SCHEDULES) ? new URLSearchParams(known) : undefined
      },
      onAnswer({ path }, body) {
        const answer = JSON.parse(body)
        if (path === SCHEDULES) {
          for (const phase of answer.phases ?? []) {
            Object.assign(phase, given)
            for (const item of phase.items) Object.assign(item, givenItem)
          }
        }
        if (/subscriptions\/sub_\w+$/.test(path)) {
          Object.assign(answer, subscription)
          answer.items?.data.push(...furtherItems)
        }
        return JSON.stringify(answer)
      },
    },
  })
})
afterAll(() => billing.close())
beforeEach(async () => {
  given = {}
  givenItem = {}
  subscription = {}
  furtherItems = []
  userId = await addUser(billing.ctx)
  await subscribe(billing, { userId, plan: 'pro' })
  calls = []
})

const change = (plan: PlanId) => changePlan(billing.ctx, { userId, plan })

/** What was sent of each phase, by its names in it. */
function sentPhases(): Record<string, string>[] {
  const { form } = calls.find(({ path }) => path.startsWith(`${SCHEDULES}/`)) ?? {}
  const of = (index: number) =>
    [...(form ?? [])].flatMap(([name, value]) =>
      name.startsWith(`phases[${index}]`) ? [[name.slice(`phases[${index}]`.length), value]] : [],
    )
  return [Object.fromEntries(of(0)), Object.fromEntries(of(1))]
}

const DATES = ['[start_date]', '[end_date]', '[duration][interval]', '[duration][interval_count]']
const PRICE = '[items][0][price]'

function but(fields: Record<string, string> | undefined, names: string[]) {
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([name]) => !names.includes(name)))
}

describe('what an operator set stays in both phases of a downgrade', () => {
  test('where the phase names it: only price and dates differ', async () => {
    given = settings
    givenItem = ofItem
    expect((await change('basic')).subscription).toMatchObject({ pendingPlan: 'basic' })
    const [now, next] = sentPhases()
    expect(now).toMatchObject({
      '[application_fee_percent]': '2.5',
      '[automatic_tax][enabled]': 'true',
      '[automatic_tax][liability][type]': 'self',
      '[collection_method]': 'send_invoice',
      '[default_tax_rates][0]': 'txr_vat',
      '[description]': 'As agreed',
      '[discounts][0][discount]': 'di_half',
      '[invoice_settings][days_until_due]': '14',
      '[invoice_settings][footer]': 'Thanks',
      '[items][0][discounts][0][coupon]': 'cpn_item',
      '[items][0][tax_rates][0]': 'txr_item',
      '[on_behalf_of]': 'acct_1',
      '[transfer_data][amount_percent]': '10',
      '[transfer_data][destination]': 'acct_2',
    })
    const apart = [...DATES, PRICE, '[proration_behavior]']
    expect(but(next, apart)).toEqual(but(now, apart))
    expect(next?.[PRICE]).not.toBe(now?.[PRICE])
  })

  test('where the subscription has it and the phase does not', async () => {
    subscription = { discounts: ['di_half'], default_tax_rates: settings.default_tax_rates }
    await change('basic')
    for (const phase of sentPhases()) {
      expect(phase).toMatchObject({
        '[discounts][0][discount]': 'di_half',
        '[default_tax_rates][0]': 'txr_vat',
      })
    }
  })
})

test('an upgrade, a cancellation and its undoing name the plan’s item, its seats, the end, and nothing else', async () => {
  await payFrom(billing.ctx, userId, 'pm_card_visa')
  calls = []
  const { subscriptions } = await stripeSide(billing.ctx, userId)
  const item = subscriptions[0]?.items.data[0]?.id
  await change('enterprise')
  await cancelSubscription(billing.ctx, { userId })
  await resumeSubscription(billing.ctx, { userId })
  const updates = calls.filter(({ path }) => /subscriptions\/sub_\w+$/.test(path))
  const names = updates.map(({ form }) => [...form.keys()])
  expect(names).toEqual([
    [
      'items[0][id]',
      'items[0][price]',
      'items[0][quantity]',
      'proration_behavior',
      'payment_behavior',
    ],
    ['cancel_at_period_end'],
    ['cancel_at_period_end'],
  ])
  expect(updates[0]?.form.get('items[0][id]')).toBe(item)
})

test('with items of other intervals a cancellation names the end of the plan’s own period', async () => {
  const { subscriptions } = await stripeSide(billing.ctx, userId)
  const [item] = subscriptions[0]?.items.data ?? []
  const weekly = { ...item?.price, id: 'price_backup', recurring: { interval: 'week' } }
  furtherItems = [{ ...item, id: 'si_backup', price: weekly, current_period_end: 1 }]
  await cancelSubscription(billing.ctx, { userId })
  const { form } = calls.find(({ path }) => /subscriptions\/sub_\w+$/.test(path)) ?? {}
  expect([...(form ?? [])]).toEqual([['cancel_at', String(item?.current_period_end)]])
})

describe('an open invoice that is not the one of the change', () => {
  /** An upgrade that waits for the bank, and an open invoice of the operator that is newer. */
  async function waitingUpgrade() {
    await payFrom(billing.ctx, userId, 'pm_card_authenticationRequired')
    await change('enterprise')
    const { customer, subscriptions } = await stripeSide(billing.ctx, userId)
    const waiting = String(subscriptions[0]?.latest_invoice)
    const operators = await billing.ctx.stripe.call(async (stripe) => {
      await stripe.invoiceItems.create({ customer, amount: 9_900, currency: 'usd' })
      const { id } = await stripe.invoices.create({
        customer,
        auto_advance: false,
        pending_invoice_items_behavior: 'include',
      })
      await stripe.invoices.finalizeInvoice(id ?? '')
      return id ?? ''
    })
    subscription = { latest_invoice: operators }
    return { waiting, operators }
  }

  const statusOf = async (id: string) =>
    (await billing.ctx.stripe.call((stripe) => stripe.invoices.retrieve(id))).status

  test.each<[string, () => Promise<unknown>]>([
    ['another change', () => change('basic')],
    ['a cancellation', () => cancelSubscription(billing.ctx, { userId })],
  ])('is not voided by %s, and the one of the change is', async (_, click) => {
    const { waiting, operators } = await waitingUpgrade()
    await click()
    expect(await statusOf(operators)).toBe('open')
    expect(await statusOf(waiting)).toBe('void')
  })
})

test('a preview through a schedule names what its phase has', async () => {
  given = settings
  await change('basic')
  calls = []
  subscription = { discounts: ['di_half'] }
  await previewChange(billing.ctx, { userId, plan: 'enterprise' }).catch(() => undefined)
  const { form } = calls.find(({ path }) => path.endsWith('create_preview')) ?? {}
  expect(form?.get('schedule_details[phases][0][discounts][0][discount]')).toBe('di_half')
})
