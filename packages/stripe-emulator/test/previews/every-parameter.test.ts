import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { previewParams } from '../../src/resources/invoices/preview/preview-params.ts'
import { leavesOf } from './leaves.ts'
import { DAY, previewWorld } from './world.ts'

type Preview = Stripe.InvoiceCreatePreviewParams
type Details = NonNullable<Preview['subscription_details']>
type Item = NonNullable<Details['items']>[number]
type Phase = NonNullable<NonNullable<Preview['schedule_details']>['phases']>[number]
type PhaseItem = Phase['items'][number]
type Added = NonNullable<Phase['add_invoice_items']>[number]
type InvoiceItem = NonNullable<Preview['invoice_items']>[number]

/** What the cases work on: a subscription and a schedule, each of a customer of its own. */
async function stage() {
  const world = await previewWorld()
  const { stripe, prices } = world
  const subscribe = (params: Partial<Stripe.SubscriptionCreateParams>) =>
    stripe.subscriptions.create({
      customer: world.customer.id,
      items: [{ price: prices.basic.id }],
      ...params,
    })
  const subscription = await subscribe({})
  const paused = await subscribe({})
  const other = await subscribe({ metadata: { other: 'yes' } })
  const schedule = await stripe.subscriptionSchedules.create({
    from_subscription: (await subscribe({ metadata: { planned: 'yes' } })).id,
  })
  const euros = await stripe.prices.create({
    product: world.product,
    currency: 'eur',
    unit_amount: 900,
    currency_options: { usd: { unit_amount: 1000 } },
    recurring: { interval: 'month' },
  })
  world.wait(10)
  await stripe.subscriptions.pause(paused.id)
  const pending = await stripe.invoiceItems.create({
    customer: world.customer.id,
    subscription: other.id,
    amount: 640,
    currency: 'usd',
  })
  const guest = await stripe.customers.create({ address: { country: 'DE' }, balance: 55 })
  const traveller = await stripe.customers.create()
  return { ...world, euros, guest, other, paused, pending, schedule, subscription, traveller }
}

type Stage = Awaited<ReturnType<typeof stage>>

/** Two previews that differ in one parameter. */
type Case = (all: Stage) => [without: Preview, withIt: Preview]

const basicItem = ({ prices }: Stage): Item => ({ price: prices.basic.id, quantity: 3 })

/** A parameter of a new subscription. */
const ofNew =
  (change: (all: Stage) => Details, base: (all: Stage) => Details = () => ({})): Case =>
  (it) => {
    const of = (details: Details): Preview => ({
      customer: it.guest.id,
      subscription_details: { items: [basicItem(it)], ...base(it), ...details },
    })
    return [of({}), of(change(it))]
  }

/** A parameter of an existing subscription. */
const ofExisting =
  (change: (all: Stage) => Details, base: (all: Stage) => Details = () => ({})): Case =>
  (it) => {
    const of = (details: Details): Preview => ({
      subscription: it.subscription.id,
      subscription_details: { ...base(it), ...details },
    })
    return [of({}), of(change(it))]
  }

const ofItem = (change: (all: Stage) => Item): Case[] => [
  ofNew((it) => ({ items: [{ ...basicItem(it), ...change(it) }] })),
  ofExisting(
    (it) => ({ items: [{ id: it.subscription.items.data[0]?.id ?? '', ...change(it) }] }),
    (it) => ({ items: [{ id: it.subscription.items.data[0]?.id ?? '' }] }),
  ),
]

const replacing = (change: (all: Stage) => Item): Case[] => [
  ofNew((it) => ({ items: [change(it)] })),
  ofExisting((it) => ({
    items: [{ id: it.subscription.items.data[0]?.id ?? '', ...change(it) }],
  })),
]

const month = { duration: { interval: 'month' as const } }

/** A parameter of a phase: of the first one of a new schedule, and of the next one of a running schedule. */
const ofPhase = (
  change: (all: Stage, begins: number) => Partial<Phase>,
  base: (all: Stage, begins: number) => Partial<Phase> = () => ({}),
): Case[] => [
  (it) => {
    const of = (phase: Partial<Phase>): Preview => ({
      customer: it.guest.id,
      schedule_details: {
        phases: [
          { ...month, items: [phaseItem(it)], ...base(it, it.now()), ...phase },
          { ...month, items: [{ price: it.prices.pro.id }] },
        ],
      },
    })
    return [of({}), of(change(it, it.now()))]
  },
  (it) => {
    const { end_date = 0, start_date = 0 } = it.schedule.current_phase ?? {}
    const of = (phase: Partial<Phase>): Preview => ({
      schedule: it.schedule.id,
      schedule_details: {
        phases: [
          { start_date, end_date, items: [{ price: it.prices.basic.id }] },
          { ...month, items: [phaseItem(it)], ...base(it, end_date), ...phase },
        ],
      },
    })
    return [of({}), of(change(it, end_date))]
  },
]

/** A parameter of a phase that begins within the period of a running schedule. */
const afterSomeDays =
  (change: (all: Stage) => Partial<Phase>): Case =>
  (it) => {
    const { start_date = 0 } = it.schedule.current_phase ?? {}
    const of = (phase: Partial<Phase>): Preview => ({
      schedule: it.schedule.id,
      schedule_details: {
        phases: [
          { start_date, end_date: it.now() + 5 * DAY, items: [{ price: it.prices.basic.id }] },
          { ...month, items: [phaseItem(it)], ...phase },
        ],
      },
    })
    return [of({}), of(change(it))]
  }

/** The length of the running phase, which another one follows. */
const ofFirst =
  (change: (all: Stage) => Partial<Phase>, base: (all: Stage) => Partial<Phase>): Case =>
  (it) => {
    const { start_date = 0 } = it.schedule.current_phase ?? {}
    const of = (phase: Partial<Phase>): Preview => ({
      schedule: it.schedule.id,
      schedule_details: {
        phases: [
          { start_date, items: [{ price: it.prices.basic.id }], ...phase },
          { ...month, items: [{ price: it.prices.pro.id }] },
        ],
      },
    })
    return [of(base(it)), of(change(it))]
  }

const phaseItem = ({ prices }: Stage): PhaseItem => ({ price: prices.basic.id, quantity: 3 })

const ofPhaseItem = (change: (all: Stage) => Partial<PhaseItem>) =>
  ofPhase((it) => ({ items: [{ ...phaseItem(it), ...change(it) }] }))

const ofAdded = (change: (all: Stage) => Partial<Added>, base?: Partial<Phase>) => {
  const charge = ({ prices }: Stage): Added => ({ price: prices.once.id })
  return ofPhase(
    (it) => ({ add_invoice_items: [{ ...charge(it), ...change(it) }] }),
    (it) => ({ ...base, add_invoice_items: [charge(it)] }),
  )
}

const halfOff = ({ half }: Stage) => ({ discounts: [{ coupon: half.id }] })

/** A parameter of a new invoice item, and of a pending one. */
const ofInvoiceItem = (
  change: (all: Stage) => InvoiceItem,
  base: (all: Stage) => InvoiceItem = () => ({ amount: 500 }),
  top: (all: Stage) => Partial<Preview> = () => ({}),
): Case[] => [
  (it) => {
    const of = (item: InvoiceItem): Preview => ({
      subscription: it.subscription.id,
      ...top(it),
      invoice_items: [{ ...base(it), ...item }],
    })
    return [of({}), of(change(it))]
  },
]

const ofPending = (change: (all: Stage) => InvoiceItem): Case[] => [
  (it) => {
    const of = (item: InvoiceItem): Preview => ({
      subscription: it.other.id,
      invoice_items: [{ invoiceitem: it.pending.id, ...item }],
    })
    return [of({}), of(change(it))]
  },
]

const ofCustomer = (change: Preview['customer_details']): Case[] => {
  const taxed = (it: Stage): Preview => ({
    automatic_tax: { enabled: true },
    customer: it.guest.id,
    subscription_details: { items: [{ price: it.prices.taxable.id }] },
  })
  return [(it) => [taxed(it), { ...taxed(it), customer_details: change ?? {} }]]
}

const inlineRecurring = ({ product }: Stage) => ({
  price_data: {
    currency: 'usd',
    product,
    recurring: { interval: 'month' as const },
    unit_amount: 9,
  },
})

const top =
  (base: (all: Stage) => Preview, change: (all: Stage) => Partial<Preview>): Case =>
  (it) => [base(it), { ...base(it), ...change(it) }]

const renewal = ({ subscription }: Stage): Preview => ({ subscription: subscription.id })

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'automatic_tax[enabled]': [
    top(
      (it) => ({
        customer: it.guest.id,
        subscription_details: { items: [{ price: it.prices.taxable.id }] },
      }),
      () => ({ automatic_tax: { enabled: true } }),
    ),
  ],
  currency: [
    (it) => {
      const of = (currency: string): Preview => ({
        customer: it.traveller.id,
        currency,
        subscription_details: { items: [{ price: it.euros.id }] },
      })
      return [of('eur'), of('usd')]
    },
    (it) => {
      const phases: Phase[] = [{ ...month, items: [{ price: it.euros.id }] }]
      const base: Preview = { customer: it.traveller.id, schedule_details: { phases } }
      return [base, { ...base, currency: 'usd' }]
    },
  ],
  customer: [
    top(
      (it) => ({ subscription_details: { items: [basicItem(it)] } }),
      (it) => ({ customer: it.guest.id }),
    ),
  ],
  'customer_details[address]': ofCustomer({ address: { country: 'US', line1: 'Main St' } }),
  'customer_details[shipping]': ofCustomer({
    shipping: { name: 'A', address: { country: 'US', line1: 'Main St' } },
  }),
  'customer_details[tax]': [
    (it) => {
      const of = (details: NonNullable<Preview['customer_details']>): Preview => ({
        automatic_tax: { enabled: true },
        customer_details: details,
        subscription_details: { items: [{ price: it.prices.taxable.id }] },
      })
      return [
        of({ tax_exempt: 'none' }),
        of({ tax_exempt: 'none', tax: { ip_address: '8.8.8.8' } }),
      ]
    },
  ],
  'customer_details[tax_exempt]': ofCustomer({ tax_exempt: 'exempt' }),
  'customer_details[tax_ids]': ofCustomer({ tax_ids: [{ type: 'eu_vat', value: 'DE123456789' }] }),
  discounts: [
    top(renewal, halfOff),
    top(({ schedule }) => ({ schedule: schedule.id }), halfOff),
    top(
      (it) => ({ customer: it.guest.id, subscription_details: { items: [basicItem(it)] } }),
      halfOff,
    ),
  ],
  'invoice_items[][amount]': [
    ...ofInvoiceItem(() => ({ amount: 700 })),
    ...ofPending(() => ({ amount: 1 })),
  ],
  'invoice_items[][currency]': [
    (it) => {
      const of = (currency: string): Preview => ({
        customer: it.traveller.id,
        invoice_items: [{ amount: 5, currency }],
      })
      return [of('usd'), of('eur')]
    },
  ],
  'invoice_items[][description]': [
    ...ofInvoiceItem(() => ({ description: 'Setup' })),
    ...ofPending(() => ({ description: 'Setup' })),
  ],
  'invoice_items[][discountable]': ofInvoiceItem(
    () => ({ discountable: false }),
    undefined,
    halfOff,
  ),
  'invoice_items[][discounts]': [...ofInvoiceItem(halfOff), ...ofPending(halfOff)],
  'invoice_items[][invoiceitem]': [
    (it) => {
      const base: Preview = { subscription: it.other.id }
      return [base, { ...base, invoice_items: [{ invoiceitem: it.pending.id, amount: 3 }] }]
    },
  ],
  'invoice_items[][metadata]': [
    ...ofInvoiceItem(() => ({ metadata: { a: 'b' } })),
    ...ofPending(() => ({ metadata: { a: 'b' } })),
  ],
  'invoice_items[][period]': [
    ...ofInvoiceItem(() => ({ period: { start: 5, end: 6 } })),
    ...ofPending(() => ({ period: { start: 5, end: 6 } })),
  ],
  'invoice_items[][price]': [
    (it) => [renewal(it), { ...renewal(it), invoice_items: [{ price: it.prices.once.id }] }],
    ...ofPending((it) => ({ price: it.prices.once.id })),
  ],
  'invoice_items[][price_data]': [
    (it) => {
      const data = { currency: 'usd', product: it.product, unit_amount: 4 }
      return [renewal(it), { ...renewal(it), invoice_items: [{ price_data: data }] }]
    },
  ],
  'invoice_items[][quantity]': ofInvoiceItem(
    () => ({ quantity: 4 }),
    ({ prices }) => ({ price: prices.once.id }),
  ),
  'invoice_items[][tax_behavior]': [
    (it) => {
      const of = (tax_behavior: 'exclusive' | 'inclusive'): Preview => ({
        automatic_tax: { enabled: true },
        customer: it.guest.id,
        invoice_items: [{ amount: 500, tax_behavior }],
        subscription_details: { items: [{ price: it.prices.taxable.id }] },
      })
      return [of('exclusive'), of('inclusive')]
    },
  ],
  'invoice_items[][tax_rates]': [
    ...ofInvoiceItem(({ rates }) => ({ tax_rates: [rates.onTop.id] })),
    ...ofPending(({ rates }) => ({ tax_rates: [rates.onTop.id] })),
  ],
  'invoice_items[][unit_amount]': ofInvoiceItem(
    () => ({ unit_amount: 8 }),
    () => ({ quantity: 2, unit_amount: 7 }),
  ),
  'invoice_items[][unit_amount_decimal]': ofInvoiceItem(
    () => ({ unit_amount_decimal: Stripe.Decimal.from('8.5') }),
    () => ({ quantity: 2, unit_amount_decimal: Stripe.Decimal.from('7.5') }),
  ),
  schedule: [(it) => [renewal(it), { schedule: it.schedule.id }]],
  'schedule_details[end_behavior]': [
    (it) => [
      { schedule: it.schedule.id },
      { schedule: it.schedule.id, schedule_details: { end_behavior: 'cancel' } },
    ],
  ],
  'schedule_details[proration_behavior]': [
    (it) => {
      const { end_date = 0, start_date = 0 } = it.schedule.current_phase ?? {}
      const items = [{ price: it.prices.pro.id }]
      const of = (proration_behavior: 'always_invoice' | 'none'): Preview => ({
        schedule: it.schedule.id,
        schedule_details: { proration_behavior, phases: [{ start_date, end_date, items }] },
      })
      return [of('none'), of('always_invoice')]
    },
  ],
  subscription: [(it) => [renewal(it), { subscription: it.other.id }]],
  'subscription_details[billing_cycle_anchor][timestamp]': [
    ofNew((it) => ({
      billing_cycle_anchor: { type: 'timestamp', timestamp: it.now() + 9 * DAY },
    })),
  ],
  'subscription_details[billing_cycle_anchor][type]': [
    ofExisting(() => ({ billing_cycle_anchor: { type: 'now' } })),
  ],
  'subscription_details[cancel_at]': [
    ofNew((it) => ({ cancel_at: it.now() + 9 * DAY })),
    ofExisting(() => ({ cancel_at: 'max_period_end' })),
  ],
  'subscription_details[cancel_at_period_end]': [
    ofExisting(() => ({ cancel_at_period_end: true })),
  ],
  'subscription_details[cancel_now]': [ofExisting(() => ({ cancel_now: true }))],
  'subscription_details[default_tax_rates]': [
    ofNew(({ rates }) => ({ default_tax_rates: [rates.onTop.id] })),
    ofExisting(({ rates }) => ({ default_tax_rates: [rates.onTop.id] })),
  ],
  'subscription_details[items][][deleted]': [
    ofExisting(
      (it) => ({
        items: [
          { id: it.subscription.items.data[0]?.id ?? '', deleted: true },
          { price: it.prices.pro.id },
        ],
      }),
      (it) => ({
        items: [{ id: it.subscription.items.data[0]?.id ?? '' }, { price: it.prices.pro.id }],
      }),
    ),
  ],
  'subscription_details[items][][discounts]': ofItem(halfOff),
  'subscription_details[items][][id]': [
    (it) => {
      const item = { price: it.prices.pro.id }
      const of = (items: Item[]): Preview => ({
        subscription: it.subscription.id,
        subscription_details: { items },
      })
      return [of([item]), of([{ id: it.subscription.items.data[0]?.id ?? '', ...item }])]
    },
  ],
  'subscription_details[items][][metadata]': ofItem(() => ({ metadata: { a: 'b' } })),
  'subscription_details[items][][plan]': replacing(({ prices }) => ({ plan: prices.pro.id })),
  'subscription_details[items][][price]': replacing(({ prices }) => ({ price: prices.pro.id })),
  'subscription_details[items][][price_data]': replacing(inlineRecurring),
  'subscription_details[items][][quantity]': ofItem(() => ({ quantity: 8 })),
  'subscription_details[items][][tax_rates]': ofItem(({ rates }) => ({
    tax_rates: [rates.onTop.id],
  })),
  'subscription_details[metadata]': [
    ofNew(() => ({ metadata: { a: 'b' } })),
    ofExisting(() => ({ metadata: { a: 'b' } })),
  ],
  'subscription_details[pause][bill_for]': [
    ofExisting(
      () => ({
        pause: {
          bill_for: { unused_time_from: { type: 'item_current_period_start' } },
          invoicing_behavior: 'invoice',
        },
      }),
      () => ({ pause: { invoicing_behavior: 'invoice' } }),
    ),
  ],
  'subscription_details[pause][invoicing_behavior]': [
    ofExisting(
      () => ({ pause: { invoicing_behavior: 'invoice' } }),
      () => ({ pause: { invoicing_behavior: 'pending_invoice_item' } }),
    ),
  ],
  'subscription_details[proration_behavior]': [
    ofNew(
      () => ({ proration_behavior: 'none' }),
      (it) => ({ start_date: it.now() - 9 * DAY }),
    ),
    ofExisting(
      () => ({ proration_behavior: 'always_invoice' }),
      (it) => ({ items: [{ price: it.prices.pro.id }] }),
    ),
  ],
  'subscription_details[proration_date]': [
    ofExisting(
      (it) => ({ proration_date: it.now() - 5 * DAY }),
      (it) => ({
        items: [{ id: it.subscription.items.data[0]?.id ?? '', price: it.prices.pro.id }],
      }),
    ),
  ],
  'subscription_details[resume_at]': [
    (it) => [
      { subscription: it.paused.id },
      { subscription: it.paused.id, subscription_details: { resume_at: 'now' } },
    ],
  ],
  'subscription_details[start_date]': [
    ofNew((it) => ({ start_date: it.now() - 9 * DAY })),
    ofNew((it) => ({ start_date: it.now() + 9 * DAY })),
  ],
  'subscription_details[trial_end]': [
    ofNew((it) => ({ trial_end: it.now() + 9 * DAY })),
    ofExisting((it) => ({ trial_end: it.now() + 9 * DAY })),
  ],
}

const PHASE_CASES: Readonly<Record<string, readonly Case[]>> = {
  'add_invoice_items[][discountable]': ofPhase(
    (it) => ({
      ...halfOff(it),
      add_invoice_items: [{ price: it.prices.once.id, discountable: false }],
    }),
    (it) => ({ ...halfOff(it), add_invoice_items: [{ price: it.prices.once.id }] }),
  ),
  'add_invoice_items[][discounts]': ofAdded(halfOff),
  'add_invoice_items[][metadata]': ofAdded(() => ({ metadata: { a: 'b' } })),
  'add_invoice_items[][period]': ofAdded((it) => ({
    period: {
      start: { type: 'timestamp', timestamp: it.now() },
      end: { type: 'timestamp', timestamp: it.now() + 400 * DAY },
    },
  })),
  'add_invoice_items[][price]': ofPhase(({ prices }) => ({
    add_invoice_items: [{ price: prices.once.id }],
  })),
  'add_invoice_items[][price_data]': ofPhase(({ product }) => ({
    add_invoice_items: [{ price_data: { currency: 'usd', product, unit_amount: 6 } }],
  })),
  'add_invoice_items[][quantity]': ofAdded(() => ({ quantity: 5 })),
  'add_invoice_items[][tax_rates]': ofAdded(({ rates }) => ({ tax_rates: [rates.onTop.id] })),
  'automatic_tax[enabled]': ofPhase(
    () => ({ automatic_tax: { enabled: true } }),
    ({ prices }) => ({ items: [{ price: prices.taxable.id }] }),
  ),
  billing_cycle_anchor: [afterSomeDays(() => ({ billing_cycle_anchor: 'phase_start' }))],
  collection_method: ofPhase(() => ({
    collection_method: 'send_invoice',
    invoice_settings: { days_until_due: 9 },
  })),
  currency: [
    (it) => {
      const of = (currency: string): Preview => ({
        customer: it.traveller.id,
        schedule_details: { phases: [{ ...month, currency, items: [{ price: it.euros.id }] }] },
      })
      return [of('eur'), of('usd')]
    },
  ],
  default_tax_rates: ofPhase(({ rates }) => ({ default_tax_rates: [rates.onTop.id] })),
  description: ofPhase(() => ({ description: 'A plan' })),
  discounts: ofPhase(halfOff),
  duration: [
    ofFirst(
      () => ({ duration: { interval: 'day', interval_count: 15 } }),
      () => month,
    ),
  ],
  end_date: [
    ofFirst(
      (it) => ({ end_date: it.now() + 5 * DAY }),
      (it) => ({ end_date: it.now() + 6 * DAY }),
    ),
  ],
  'invoice_settings[days_until_due]': ofPhase(
    () => ({ invoice_settings: { days_until_due: 3 } }),
    () => ({ collection_method: 'send_invoice', invoice_settings: { days_until_due: 9 } }),
  ),
  'items[][discounts]': ofPhaseItem(halfOff),
  'items[][metadata]': ofPhaseItem(() => ({ metadata: { a: 'b' } })),
  'items[][plan]': ofPhase(({ prices }) => ({ items: [{ plan: prices.pro.id }] })),
  'items[][price]': ofPhase(({ prices }) => ({ items: [{ price: prices.pro.id }] })),
  'items[][price_data]': ofPhase((it) => ({ items: [inlineRecurring(it)] })),
  'items[][quantity]': ofPhaseItem(() => ({ quantity: 8 })),
  'items[][tax_rates]': ofPhaseItem(({ rates }) => ({ tax_rates: [rates.onTop.id] })),
  metadata: ofPhase(() => ({ metadata: { a: 'b' } })),
  proration_behavior: [
    afterSomeDays(() => ({ proration_behavior: 'always_invoice' })),
    (it) => {
      const of = (proration_behavior: 'create_prorations' | 'none'): Preview => ({
        customer: it.guest.id,
        schedule_details: {
          phases: [
            {
              proration_behavior,
              start_date: it.now() - 5 * DAY,
              end_date: it.now() + 90 * DAY,
              items: [phaseItem(it)],
            },
          ],
        },
      })
      return [of('create_prorations'), of('none')]
    },
  ],
  start_date: [
    (it) => {
      const of = (start_date: 'now' | number): Preview => ({
        customer: it.guest.id,
        schedule_details: { phases: [{ ...month, start_date, items: [phaseItem(it)] }] },
      })
      return [of('now'), of(it.now() + 9 * DAY)]
    },
  ],
  trial: ofPhase(() => ({ trial: true })),
  trial_end: ofPhase((_it, begins) => ({ trial_end: begins + 9 * DAY })),
}

const PHASE = 'schedule_details[phases][]'

/** Parameters with a single working value, which is also the default. */
const SINGLE = [
  'automatic_tax[liability][type]',
  `${PHASE}[automatic_tax][liability][type]`,
  `${PHASE}[invoice_settings][issuer][type]`,
  'subscription_details[pause][type]',
]

/** Proved below: who pays is checked, and not shown on an invoice that nobody pays. And the older name of `duration`. */
const OTHERS = [`${PHASE}[default_payment_method]`, `${PHASE}[iterations]`]

const ALL = {
  ...CASES,
  ...Object.fromEntries(
    Object.entries(PHASE_CASES).map(([name, cases]) => {
      const [first = '', ...rest] = name.split('[')
      return [`${PHASE}[${[`${first}]`, ...rest].join('[')}`, cases]
    }),
  ),
}

/** A preview without its random ids; the code of a 404 where nothing is invoiced. Any other refusal is thrown. */
async function outcome(stripe: Stripe, params: Preview): Promise<string> {
  try {
    const preview = await stripe.invoices.createPreview(params)
    return JSON.stringify(preview).replace(
      /\b(upcoming_in|cus|di|ii|il|price|si|sub|txr)_\w+/g,
      '$1',
    )
  } catch (error) {
    const none = 'invoice_upcoming_none'
    if (error instanceof Stripe.errors.StripeError && error.code === none) return none
    throw error
  }
}

test('every parameter of a preview that is accepted has a case here', () => {
  const known = [...Object.keys(ALL), ...SINGLE, ...OTHERS].sort()
  expect(leavesOf(previewParams).sort()).toEqual(known)
})

describe('changes the preview:', () => {
  test.each(Object.entries(ALL))('%s', async (_name, cases) => {
    const all = await stage()
    for (const one of cases) {
      const [without, withIt] = one(all)
      const before = await outcome(all.stripe, without)
      expect(await outcome(all.stripe, without)).toBe(before)
      expect(await outcome(all.stripe, withIt)).not.toBe(before)
    }
    expect(cases).not.toEqual([])
  })
})
