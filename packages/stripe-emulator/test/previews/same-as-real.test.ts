import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { firstItem } from '../harness.ts'
import type { World } from './world.ts'
import { billed, DAY, invoiceAfter, previewWorld } from './world.ts'

type Preview = Stripe.InvoiceCreatePreviewParams
type Details = NonNullable<Preview['subscription_details']>
type Phase = NonNullable<NonNullable<Preview['schedule_details']>['phases']>[number]

/** A preview, and the same for real. */
interface Pair {
  preview: Preview
  real: () => Promise<unknown>
}

/** Previews, does the same for real, and compares with the invoice that follows. */
async function compare(world: World, { preview, real }: Pair): Promise<Stripe.Invoice> {
  const { customer, stripe } = world
  const before = await stripe.invoices.list({ customer: customer.id })
  const shown = await stripe.invoices.createPreview(preview)
  expect((await stripe.invoices.list({ customer: customer.id })).data).toEqual(before.data)
  const followed = await invoiceAfter(world, customer.id, real)
  expect(billed(shown)).toEqual(billed(followed))
  return shown
}

interface NewCase {
  details: (world: World) => Details
  top?: (world: World) => Omit<Preview, 'subscription_details'>
  create?: (world: World) => Partial<Stripe.SubscriptionCreateParams>
}

const basic = ({ prices }: World) => [{ price: prices.basic.id, quantity: 3 }]

const NEW: Readonly<Record<string, NewCase>> = {
  plain: { details: (w) => ({ items: basic(w) }) },
  'with metadata': {
    details: (w) => ({
      items: [{ price: w.prices.basic.id, metadata: { team: 'red' } }],
      metadata: { order: '7' },
    }),
  },
  'from the past': {
    details: (w) => ({ items: basic(w), start_date: w.now() - 45 * DAY }),
    create: (w) => ({ backdate_start_date: w.now() - 45 * DAY }),
  },
  'from the past, without proration': {
    details: (w) => ({
      items: basic(w),
      start_date: w.now() - 45 * DAY,
      proration_behavior: 'none',
    }),
    create: (w) => ({ backdate_start_date: w.now() - 45 * DAY }),
  },
  'with an anchor': {
    details: (w) => ({
      items: basic(w),
      billing_cycle_anchor: { type: 'timestamp', timestamp: w.now() + 11 * DAY },
    }),
    create: (w) => ({ billing_cycle_anchor: w.now() + 11 * DAY }),
  },
  'with an anchor, without proration': {
    details: (w) => ({
      items: basic(w),
      billing_cycle_anchor: { type: 'timestamp', timestamp: w.now() + 11 * DAY },
      proration_behavior: 'none',
    }),
    create: (w) => ({ billing_cycle_anchor: w.now() + 11 * DAY }),
  },
  'from the past, with an anchor': {
    details: (w) => ({
      items: basic(w),
      start_date: w.now() - 40 * DAY,
      billing_cycle_anchor: { type: 'timestamp', timestamp: w.now() + 11 * DAY },
    }),
    create: (w) => ({
      backdate_start_date: w.now() - 40 * DAY,
      billing_cycle_anchor: w.now() + 11 * DAY,
    }),
  },
  'with a trial': {
    details: (w) => ({ items: basic(w), trial_end: w.now() + 9 * DAY }),
  },
  'with a coupon': {
    details: (w) => ({ items: basic(w) }),
    top: ({ half }) => ({ discounts: [{ coupon: half.id }] }),
    create: ({ half }) => ({ discounts: [{ coupon: half.id }] }),
  },
  'with a coupon on an item': {
    details: (w) => ({
      items: [...basic(w), { price: w.prices.pro.id, discounts: [{ coupon: w.first.id }] }],
    }),
  },
  'with tax rates': {
    details: (w) => ({
      items: [...basic(w), { price: w.prices.pro.id, tax_rates: [w.rates.included.id] }],
      default_tax_rates: [w.rates.onTop.id],
    }),
  },
  'with automatic tax': {
    details: (w) => ({ items: [{ price: w.prices.taxable.id }] }),
    top: () => ({ automatic_tax: { enabled: true } }),
    create: () => ({ automatic_tax: { enabled: true } }),
  },
  'with tiers': { details: (w) => ({ items: [{ price: w.prices.tiered.id, quantity: 12 }] }) },
  'with mixed intervals': {
    details: (w) => ({ items: [...basic(w), { price: w.prices.yearly.id }] }),
  },
  'with an inline price': {
    details: (w) => ({
      items: [
        {
          price_data: {
            currency: 'usd',
            product: w.product,
            recurring: { interval: 'week', interval_count: 2 },
            unit_amount: 444,
          },
        },
      ],
    }),
  },
  'that bills its usage later': { details: (w) => ({ items: [{ price: w.prices.metered.id }] }) },
  'that ends within its period': {
    details: (w) => ({ items: basic(w), cancel_at: w.now() + 12 * DAY }),
  },
  'that ends with its first period': {
    details: (w) => ({ items: basic(w), cancel_at: 'min_period_end' }),
  },
  'that is not renewed': { details: (w) => ({ items: basic(w), cancel_at_period_end: true }) },
}

/** The parameters of a creation that a preview has under the same name. */
function sameOf({ start_date: _start, billing_cycle_anchor: _anchor, ...same }: Details) {
  const { items = [], cancel_at, ...rest } = same
  return {
    ...rest,
    ...(cancel_at === undefined || cancel_at === '' ? {} : { cancel_at }),
    items: items.map(({ id: _id, deleted: _deleted, clear_usage: _usage, ...item }) => item),
  }
}

describe('a preview of a new subscription is its first invoice', () => {
  test.each(Object.entries(NEW))('%s', async (_name, { create, details, top }) => {
    const world = await previewWorld()
    const customer = world.customer.id
    const wanted = details(world)
    const created = { ...(sameOf(wanted) as Stripe.SubscriptionCreateParams), ...create?.(world) }
    await compare(world, {
      preview: { customer, ...top?.(world), subscription_details: wanted },
      real: () => world.stripe.subscriptions.create({ ...created, customer }),
    })
  })

  test('that starts later', async () => {
    const world = await previewWorld()
    const customer = world.customer.id
    const items = [{ price: world.prices.basic.id }]
    await compare(world, {
      preview: { customer, subscription_details: { items, start_date: world.now() + 20 * DAY } },
      real: async () => {
        world.wait(20)
        await world.stripe.subscriptions.create({ customer, items })
      },
    })
  })
})

interface ChangeCase {
  before?: (world: World) => Partial<Stripe.SubscriptionCreateParams>
  setUp?: (world: World, subscription: Stripe.Subscription) => Promise<unknown>
  details: (world: World, subscription: Stripe.Subscription) => Details
  /** For real, where it is not an update with the same parameters. */
  real?: (world: World, id: string) => Promise<unknown>
}

const toPro =
  (proration_behavior: Details['proration_behavior']): ChangeCase['details'] =>
  ({ prices }, subscription) => ({
    items: [{ id: firstItem(subscription).id, price: prices.pro.id, quantity: 2 }],
    ...(proration_behavior === undefined ? {} : { proration_behavior }),
  })

const CHANGES: Readonly<Record<string, ChangeCase>> = {
  'another price, pending': { details: toPro('create_prorations') },
  'another price, invoiced': { details: toPro('always_invoice') },
  'another price, without proration': { details: toPro('none') },
  'another price with a coupon, invoiced': {
    before: ({ half }) => ({ discounts: [{ coupon: half.id }] }),
    details: toPro('always_invoice'),
  },
  'another price with tax, invoiced': {
    before: ({ rates }) => ({ default_tax_rates: [rates.onTop.id] }),
    details: toPro('always_invoice'),
  },
  'another price at a given date': {
    details: (w, s) => ({ ...toPro('always_invoice')(w, s), proration_date: w.now() - 3 * DAY }),
  },
  'another interval, invoiced': {
    details: ({ prices }, s) => ({
      items: [{ id: firstItem(s).id, price: prices.yearly.id }],
      proration_behavior: 'always_invoice',
    }),
  },
  'a further item': {
    details: ({ prices }) => ({ items: [{ price: prices.tiered.id, quantity: 8 }] }),
  },
  'a removed item, invoiced': {
    before: ({ prices }) => ({ items: [{ price: prices.basic.id }, { price: prices.pro.id }] }),
    details: (_world, s) => ({
      items: [{ id: firstItem(s).id, deleted: true }],
      proration_behavior: 'always_invoice',
    }),
  },
  'a coupon on an item': {
    details: ({ half }, s) => ({
      items: [{ id: firstItem(s).id, discounts: [{ coupon: half.id }] }],
    }),
  },
  'a cycle that begins now': { details: () => ({ billing_cycle_anchor: { type: 'now' } }) },
  'a trial that begins now': { details: (w) => ({ trial_end: w.now() + 20 * DAY }) },
  'a trial that ends now': {
    before: (w) => ({ trial_end: w.now() + 30 * DAY }),
    details: () => ({ trial_end: 'now' }),
  },
  'an end within the period, invoiced': {
    details: (w) => ({ cancel_at: w.now() + 5 * DAY, proration_behavior: 'always_invoice' }),
  },
  'an end in a later period': { details: (w) => ({ cancel_at: w.now() + 40 * DAY }) },
  'no end any more': {
    before: () => ({ cancel_at_period_end: true }),
    details: () => ({ cancel_at_period_end: false }),
  },
  'an end, with usage': {
    before: ({ prices }) => ({ items: [{ price: prices.metered.id }] }),
    setUp: (world) => world.use(40),
    details: () => ({ cancel_at_period_end: true }),
  },
  'tax rates and metadata': {
    details: ({ rates }) => ({ default_tax_rates: [rates.onTop.id], metadata: { a: 'b' } }),
  },
  'a pending invoice item': {
    setUp: ({ customer, stripe }, { id }) =>
      stripe.invoiceItems.create({
        customer: customer.id,
        subscription: id,
        amount: 250,
        currency: 'usd',
      }),
    details: toPro('always_invoice'),
  },
  'pending items between renewals': {
    before: () => ({ pending_invoice_item_interval: { interval: 'week' } }),
    details: toPro('create_prorations'),
  },
  'an end now': {
    details: () => ({ cancel_now: true }),
    real: ({ stripe }, id) => stripe.subscriptions.cancel(id, { invoice_now: true, prorate: true }),
  },
  'an end now, with usage and without proration': {
    before: ({ prices }) => ({ items: [{ price: prices.basic.id }, { price: prices.metered.id }] }),
    setUp: async (world) => {
      await world.use(40)
      world.wait(1)
    },
    details: () => ({ cancel_now: true, proration_behavior: 'none' }),
    real: ({ stripe }, id) => stripe.subscriptions.cancel(id, { invoice_now: true }),
  },
  'a pause that is invoiced': {
    details: () => ({
      pause: {
        bill_for: { unused_time_from: { type: 'item_current_period_start' } },
        invoicing_behavior: 'invoice',
      },
    }),
    real: ({ stripe }, id) =>
      stripe.subscriptions.pause(id, {
        bill_for: { unused_time_from: { type: 'item_current_period_start' } },
        invoicing_behavior: 'invoice',
      }),
  },
  'a resumption': {
    setUp: ({ stripe }, { id }) => stripe.subscriptions.pause(id),
    details: () => ({ resume_at: 'now' }),
    real: ({ stripe }, id) => stripe.subscriptions.resume(id),
  },
  'a resumption in the old cycle': {
    setUp: ({ stripe }, { id }) => stripe.subscriptions.pause(id),
    details: () => ({
      resume_at: 'now',
      billing_cycle_anchor: { type: 'unchanged' },
      proration_behavior: 'always_invoice',
    }),
    real: ({ stripe }, id) =>
      stripe.subscriptions.resume(id, {
        billing_cycle_anchor: { type: 'unchanged' },
        proration_behavior: 'always_invoice',
      }),
  },
}

async function running(world: World, { before, setUp }: Pick<ChangeCase, 'before' | 'setUp'>) {
  const subscription = await world.stripe.subscriptions.create({
    customer: world.customer.id,
    items: [{ price: world.prices.basic.id }],
    ...before?.(world),
  })
  world.wait(10)
  await setUp?.(world, subscription)
  return subscription
}

describe('a preview of a changed subscription is the invoice that follows', () => {
  test.each(Object.entries(CHANGES))('%s', async (_name, change) => {
    const world = await previewWorld()
    const subscription = await running(world, change)
    const details = change.details(world, subscription)
    const { id } = subscription
    await compare(world, {
      preview: { subscription: id, subscription_details: details },
      real: () =>
        change.real === undefined
          ? world.stripe.subscriptions.update(id, details as Stripe.SubscriptionUpdateParams)
          : change.real(world, id),
    })
  })

  test('unchanged: the renewal', async () => {
    const world = await previewWorld()
    const { id } = await running(world, {})
    await compare(world, { preview: { subscription: id }, real: async () => undefined })
  })
})

interface ScheduleCase {
  phases: (world: World) => Phase[]
  end?: 'cancel'
}

const month = { duration: { interval: 'month' as const } }

const SCHEDULES: Readonly<Record<string, ScheduleCase>> = {
  'from now': {
    phases: (w) => [
      { ...month, start_date: 'now', items: basic(w) },
      { ...month, items: [{ price: w.prices.pro.id }] },
    ],
  },
  later: { phases: (w) => [{ ...month, start_date: w.now() + 15 * DAY, items: basic(w) }] },
  'from the past': {
    phases: (w) => [
      { start_date: w.now() - 10 * DAY, end_date: w.now() + 50 * DAY, items: basic(w) },
    ],
  },
  'from the past, without proration': {
    phases: (w) => [
      {
        start_date: w.now() - 10 * DAY,
        end_date: w.now() + 50 * DAY,
        items: basic(w),
        proration_behavior: 'none',
      },
    ],
  },
  'in a trial': { phases: (w) => [{ ...month, start_date: 'now', trial: true, items: basic(w) }] },
  'with everything that is charged': {
    phases: (w) => [
      {
        ...month,
        start_date: 'now',
        add_invoice_items: [{ price: w.prices.once.id, quantity: 2 }],
        default_tax_rates: [w.rates.onTop.id],
        discounts: [{ coupon: w.half.id }],
        items: [
          ...basic(w),
          { price: w.prices.tiered.id, quantity: 9, tax_rates: [w.rates.included.id] },
          { price: w.prices.pro.id, discounts: [{ coupon: w.first.id }], metadata: { a: 'b' } },
        ],
      },
    ],
  },
  'sent, with texts': {
    phases: (w) => [
      {
        ...month,
        start_date: 'now',
        items: basic(w),
        collection_method: 'send_invoice',
        invoice_settings: { days_until_due: 14 },
        description: 'A plan',
        metadata: { order: '7' },
      },
    ],
  },
  'with automatic tax': {
    phases: (w) => [
      {
        ...month,
        start_date: 'now',
        items: [{ price: w.prices.taxable.id }],
        automatic_tax: { enabled: true },
      },
    ],
  },
  'with its last usage': {
    end: 'cancel',
    phases: (w) => [{ ...month, start_date: 'now', items: [{ price: w.prices.metered.id }] }],
  },
}

/** The phases of a new schedule: `start_date` is a parameter of the schedule. */
function created(
  phases: readonly Phase[],
): Pick<Stripe.SubscriptionScheduleCreateParams, 'phases'> {
  const rest = phases.map(({ start_date: _start, ...phase }) => phase)
  return { phases: rest as Stripe.SubscriptionScheduleCreateParams.Phase[] }
}

describe('a preview of a new schedule is its first invoice', () => {
  test.each(Object.entries(SCHEDULES))('%s', async (_name, { phases, end }) => {
    const world = await previewWorld()
    const customer = world.customer.id
    const wanted = phases(world)
    const ending = end === undefined ? {} : { end_behavior: end }
    await compare(world, {
      preview: { customer, schedule_details: { phases: wanted, ...ending } },
      real: () =>
        world.stripe.subscriptionSchedules.create({
          customer,
          start_date: wanted[0]?.start_date ?? 'now',
          ...created(wanted),
          ...ending,
        }),
    })
  })
})

interface PhaseCase {
  phases: (world: World, current: { start_date: number; end_date: number }) => Phase[]
  behavior?: 'always_invoice' | 'create_prorations' | 'none'
  end?: 'cancel'
}

const current = (behavior: PhaseCase['behavior']): PhaseCase => ({
  ...(behavior === undefined ? {} : { behavior }),
  phases: ({ prices }, phase) => [{ ...phase, items: [{ price: prices.pro.id, quantity: 2 }] }],
})

const PHASES: Readonly<Record<string, PhaseCase>> = {
  'the running phase': current(undefined),
  'the running phase, pending': current('create_prorations'),
  'the running phase, invoiced': current('always_invoice'),
  'the running phase, without proration': current('none'),
  'the phase of the next renewal': {
    phases: (w, phase) => [
      { ...phase, items: [{ price: w.prices.basic.id }] },
      { ...month, items: basic(w), discounts: [{ coupon: w.half.id }] },
    ],
  },
  'a phase within the period, invoiced': {
    phases: (w, { start_date }) => [
      { start_date, end_date: w.now() + 5 * DAY, items: [{ price: w.prices.basic.id }] },
      { ...month, items: basic(w), proration_behavior: 'always_invoice' },
    ],
  },
  'a phase within the period, pending': {
    phases: (w, { start_date }) => [
      { start_date, end_date: w.now() + 5 * DAY, items: [{ price: w.prices.basic.id }] },
      { ...month, items: basic(w) },
    ],
  },
  'a phase that moves the anchor': {
    phases: (w, { start_date }) => [
      { start_date, end_date: w.now() + 5 * DAY, items: [{ price: w.prices.basic.id }] },
      { ...month, items: basic(w), billing_cycle_anchor: 'phase_start' },
    ],
  },
  'a trial in the next phase': {
    phases: (w, phase) => [
      { ...phase, items: [{ price: w.prices.basic.id }] },
      { ...month, trial: true, items: basic(w) },
    ],
  },
  'a yearly phase with a charge': {
    phases: (w, phase) => [
      { ...phase, items: [{ price: w.prices.basic.id }] },
      {
        duration: { interval: 'year' },
        items: [{ price: w.prices.yearly.id }],
        add_invoice_items: [{ price: w.prices.once.id }],
      },
    ],
  },
}

describe('a preview of a changed schedule is the invoice that follows', () => {
  test.each(Object.entries(PHASES))('%s', async (_name, { behavior, phases }) => {
    const world = await previewWorld()
    const { id: subscription } = await running(world, {})
    const { id, current_phase: phase } = await world.stripe.subscriptionSchedules.create({
      from_subscription: subscription,
    })
    if (phase === null) throw new Error('no phase')
    const wanted = phases(world, phase)
    const prorated = behavior === undefined ? {} : { proration_behavior: behavior }
    await compare(world, {
      preview: { schedule: id, schedule_details: { phases: wanted, ...prorated } },
      real: () =>
        world.stripe.subscriptionSchedules.update(id, {
          phases: wanted as Stripe.SubscriptionScheduleUpdateParams.Phase[],
          ...prorated,
        }),
    })
  })

  test('one that has not begun, and another end', async () => {
    const world = await previewWorld()
    const { stripe, prices } = world
    const start = world.now() + 15 * DAY
    const { id } = await stripe.subscriptionSchedules.create({
      customer: world.customer.id,
      start_date: start,
      phases: [{ ...month, items: [{ price: prices.metered.id }] }],
    })
    await compare(world, {
      preview: {
        schedule: id,
        schedule_details: {
          phases: [{ ...month, start_date: start + DAY, items: [{ price: prices.pro.id }] }],
        },
      },
      real: () =>
        stripe.subscriptionSchedules.update(id, {
          phases: [{ ...month, start_date: start + DAY, items: [{ price: prices.pro.id }] }],
        }),
    })
  })
})
