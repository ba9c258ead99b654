import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { card, DAY_MS, post, START, seconds, shop, start } from './harness.ts'

type Params = Partial<Stripe.Checkout.SessionCreateParams>

const URLS = { success_url: 'https://app.test/done' }
const CARD = { ...card('4242424242424242'), email: 'payer@example.org' }

/** A session for two mugs. */
async function mugs(stripe: Stripe, params: Params = {}) {
  return stripe.checkout.sessions.create({
    ...URLS,
    mode: 'payment',
    line_items: [
      {
        quantity: 2,
        price_data: { currency: 'usd', unit_amount: 1500, product_data: { name: 'Mug' } },
      },
    ],
    ...params,
  })
}

async function pay(session: Stripe.Checkout.Session, typed: Record<string, string> = {}) {
  return post(session.url ?? '', { ...CARD, ...typed })
}

async function pageOf(session: Stripe.Checkout.Session): Promise<string> {
  return (await fetch(session.url ?? '')).text()
}

const ADDRESS = {
  billingCountry: 'DE',
  billingAddressLine1: '1 Street',
  billingLocality: 'Berlin',
  billingPostalCode: '10115',
}

const address = {
  city: 'Berlin',
  country: 'DE',
  line1: '1 Street',
  line2: null,
  postal_code: '10115',
  state: null,
}

describe('Checkout asks for what the session says', () => {
  test('names, phone and addresses, which the session and its new customer then have', async () => {
    const { stripe } = await start()
    const session = await mugs(stripe, {
      customer_creation: 'always',
      billing_address_collection: 'required',
      phone_number_collection: { enabled: true },
      name_collection: {
        business: { enabled: true },
        individual: { enabled: true, optional: true },
      },
      shipping_address_collection: { allowed_countries: ['DE', 'FR'] },
    })
    const shipping = {
      shippingName: 'B Payer',
      shippingCountry: 'DE',
      shippingAddressLine1: '1 Street',
      shippingLocality: 'Berlin',
      shippingPostalCode: '10115',
    }
    const typed = { ...ADDRESS, ...shipping, phoneNumber: '+49 30 1', businessName: 'Mugs Ltd' }
    expect((await pay(session, { ...typed, phoneNumber: '' })).status).toBe(402)
    expect((await pay(session, { ...typed, shippingCountry: 'US' })).status).toBe(402)
    expect((await pay(session, typed)).status).toBe(303)
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['customer', 'payment_intent'],
    })
    expect(done).toMatchObject({
      customer_details: { address, business_name: 'Mugs Ltd', phone: '+49 30 1' },
      collected_information: {
        business_name: 'Mugs Ltd',
        shipping_details: { name: 'B Payer', address },
      },
      customer: { address, phone: '+49 30 1', name: 'Mugs Ltd', shipping: { name: 'B Payer' } },
      payment_intent: { shipping: { name: 'B Payer', address } },
    })
  })

  test('own fields, checked and returned', async () => {
    const { stripe } = await start()
    const label = (custom: string) => ({ type: 'custom' as const, custom })
    const session = await mugs(stripe, {
      custom_fields: [
        {
          key: 'size',
          label: label('Size'),
          type: 'dropdown',
          dropdown: { options: [{ label: 'Small', value: 's' }] },
        },
        { key: 'code', label: label('Code'), type: 'numeric', numeric: { minimum_length: 4 } },
        { key: 'note', label: label('Note'), type: 'text', optional: true },
      ],
    })
    expect(await pageOf(session)).toContain('Note (optional)')
    const typed = { 'custom-size': 's', 'custom-code': '1234' }
    for (const wrong of [
      { 'custom-size': 'xl' },
      { 'custom-code': '12' },
      { 'custom-code': 'ab' },
    ]) {
      expect((await pay(session, { ...typed, ...wrong })).status).toBe(402)
    }
    await pay(session, typed)
    const { custom_fields: fields } = await stripe.checkout.sessions.retrieve(session.id)
    expect(fields).toMatchObject([
      { dropdown: { value: 's' } },
      { numeric: { value: '1234' } },
      { text: { value: null } },
    ])
  })

  test('consent, and a tax id', async () => {
    const { stripe } = await start()
    const session = await mugs(stripe, {
      consent_collection: { terms_of_service: 'required', promotions: 'auto' },
      tax_id_collection: { enabled: true, required: 'if_supported' },
      custom_text: { submit: { message: 'We deliver on Monday' } },
    })
    expect(await pageOf(session)).toContain('We deliver on Monday')
    const typed = { taxIdType: 'eu_vat', taxId: 'DE123456789' }
    expect(await (await pay(session, typed)).text()).toContain('Agree to the terms')
    await pay(session, { ...typed, termsOfServiceConsentCheckbox: 'yes' })
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      consent: { terms_of_service: 'accepted', promotions: 'opt_out' },
      customer_details: { tax_ids: [{ type: 'eu_vat', value: 'DE123456789' }] },
    })
  })

  test('an address that is written to a known customer only where the session says so', async () => {
    const { stripe } = await start()
    const customer = (await stripe.customers.create({ name: 'Known' })).id
    const asked = { customer, billing_address_collection: 'required' as const }
    await pay(await mugs(stripe, asked), ADDRESS)
    expect(await stripe.customers.retrieve(customer)).toMatchObject({
      address: null,
      name: 'Known',
      email: 'payer@example.org',
    })
    await pay(await mugs(stripe, { ...asked, customer_update: { address: 'auto' } }), ADDRESS)
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ address, name: 'Known' })
  })
})

describe('the buyer', () => {
  test('changes a quantity within its bounds, and pays for that', async () => {
    const { stripe } = await start()
    const mug = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 1500,
      product_data: { name: 'Mug' },
    })
    const session = await stripe.checkout.sessions.create({
      ...URLS,
      mode: 'payment',
      line_items: [
        {
          price: mug.id,
          quantity: 2,
          adjustable_quantity: { enabled: true, minimum: 1, maximum: 5 },
        },
      ],
    })
    const [item] = (await stripe.checkout.sessions.listLineItems(session.id)).data
    expect(item?.adjustable_quantity).toEqual({ enabled: true, minimum: 1, maximum: 5 })
    const change = (quantity: string) =>
      post(`${session.url}/quantity`, { item: item?.id ?? '', quantity })
    expect((await change('6')).status).toBe(400)
    expect((await change('0')).status).toBe(400)
    expect((await change('4')).status).toBe(303)
    expect(await pageOf(session)).toContain('Pay $60.00')
    await pay(session)
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['line_items', 'payment_intent'],
    })
    expect(done).toMatchObject({
      amount_total: 6000,
      line_items: { data: [{ quantity: 4, amount_total: 6000 }] },
      payment_intent: { amount_received: 6000 },
    })
  })

  test('adds an optional item, and removes it', async () => {
    const { stripe } = await start()
    const lid = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 400,
      product_data: { name: 'Lid' },
    })
    const session = await mugs(stripe, { optional_items: [{ price: lid.id, quantity: 2 }] })
    expect(session.optional_items).toEqual([
      { adjustable_quantity: null, price: lid.id, quantity: 2 },
    ])
    const total = async () => (await stripe.checkout.sessions.retrieve(session.id)).amount_total
    await post(`${session.url}/optional`, { index: '0', do: 'add' })
    expect(await total()).toBe(3800)
    await post(`${session.url}/optional`, { index: '0', do: 'remove' })
    expect(await total()).toBe(3000)
  })

  test('pays with a saved card that may be shown again', async () => {
    const { stripe } = await start()
    const customer = (await stripe.customers.create({ email: 'payer@example.org' })).id
    const saved = { payment_method_save: 'enabled' as const }
    const first = await mugs(stripe, { customer, saved_payment_method_options: saved })
    await pay(first, { saveCard: 'yes' })
    const [method] = (await stripe.customers.listPaymentMethods(customer)).data
    expect(method).toMatchObject({ allow_redisplay: 'always' })
    const second = await mugs(stripe, { customer })
    expect(await pageOf(second)).toContain('•••• 4242')
    const answer = await post(second.url ?? '', {
      email: 'payer@example.org',
      savedMethod: method?.id ?? '',
    })
    expect(answer.status).toBe(303)
    expect((await stripe.checkout.sessions.retrieve(second.id)).payment_status).toBe('paid')
  })
})

describe('Checkout in payment mode', () => {
  test('writes a paid invoice for the payment, for a customer that it creates', async () => {
    const { stripe } = await start()
    const session = await mugs(stripe, {
      invoice_creation: {
        enabled: true,
        invoice_data: {
          description: 'Two mugs',
          footer: 'Thanks',
          metadata: { order: '7' },
          custom_fields: [{ name: 'PO', value: '12' }],
          rendering_options: { amount_tax_display: 'exclude_tax' },
        },
      },
    })
    expect(session).toMatchObject({
      customer_creation: 'if_required',
      invoice_creation: { enabled: true, invoice_data: { description: 'Two mugs' } },
      payment_method_collection: 'if_required',
    })
    await pay(session)
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['invoice.payments'],
    })
    expect(done.customer).toMatch(/^cus_/)
    expect(done.invoice).toMatchObject({
      customer: done.customer,
      billing_reason: 'manual',
      custom_fields: [{ name: 'PO', value: '12' }],
      description: 'Two mugs',
      footer: 'Thanks',
      lines: { data: [{ amount: 3000, quantity: 2, description: 'Mug' }] },
      metadata: { order: '7' },
      payments: {
        data: [
          {
            amount_paid: 3000,
            payment: { payment_intent: done.payment_intent, type: 'payment_intent' },
            status: 'paid',
          },
        ],
      },
      rendering: { amount_tax_display: 'exclude_tax' },
      status: 'paid',
      total: 3000,
    })
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1)
  })

  test('asks for no card where nothing is due, and makes no payment', async () => {
    const { stripe } = await start()
    const free = { currency: 'usd', unit_amount: 0, product_data: { name: 'Sample' } }
    const session = await mugs(stripe, { line_items: [{ quantity: 1, price_data: free }] })
    const text = await pageOf(session)
    expect(text).not.toContain('cardNumber')
    expect(text).toContain('Complete order')
    await post(session.url ?? '', { email: 'payer@example.org' })
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      amount_total: 0,
      payment_intent: null,
      payment_status: 'no_payment_required',
      status: 'complete',
    })
  })
})

describe('Checkout in subscription mode', () => {
  test('bills one-time prices once, beside several recurring ones', async () => {
    const { emulator, stripe } = await start()
    const { basic, pro } = await shop(stripe)
    const session = await stripe.checkout.sessions.create({
      ...URLS,
      mode: 'subscription',
      line_items: [
        { price: basic.id, quantity: 1 },
        {
          quantity: 1,
          price_data: { currency: 'usd', unit_amount: 2500, product_data: { name: 'Setup' } },
        },
        { price: pro.id, quantity: 2 },
      ],
    })
    expect(session.amount_total).toBe(1900 + 2500 + 2 * 4900)
    await pay(session)
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription', 'invoice', 'line_items'],
    })
    expect(done.line_items?.data.map((one) => one.amount_total)).toEqual([1900, 2500, 9800])
    expect(done.invoice).toMatchObject({ status: 'paid', total: session.amount_total })
    expect((done.subscription as Stripe.Subscription).items.data).toHaveLength(2)
    emulator.clock.advanceBy(32 * DAY_MS)
    const [renewal] = (await stripe.invoices.list({ customer: String(done.customer) })).data
    expect(renewal).toMatchObject({ billing_reason: 'subscription_cycle', total: 1900 + 9800 })
  })

  test('asks for no card for a trial where the session says so; else it does', async () => {
    const { stripe } = await start()
    const { basic } = await shop(stripe)
    const open = (collection: 'always' | 'if_required') =>
      stripe.checkout.sessions.create({
        ...URLS,
        mode: 'subscription',
        line_items: [{ price: basic.id, quantity: 1 }],
        payment_method_collection: collection,
        subscription_data: { trial_period_days: 7 },
      })
    expect(await pageOf(await open('always'))).toContain('cardNumber')
    const session = await open('if_required')
    expect(await pageOf(session)).not.toContain('cardNumber')
    await post(session.url ?? '', { email: 'payer@example.org' })
    expect(
      await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] }),
    ).toMatchObject({
      payment_status: 'no_payment_required',
      subscription: { status: 'trialing', default_payment_method: null },
    })
  })

  test.each([
    ['prorates', 'create_prorations', 950],
    ['does not charge', 'none', 0],
  ] as const)('%s the time before the billing cycle anchor', async (_what, behavior, due) => {
    const { stripe } = await start()
    const { basic } = await shop(stripe)
    const anchor = seconds(START) + 15 * 86_400
    const session = await stripe.checkout.sessions.create({
      ...URLS,
      mode: 'subscription',
      line_items: [{ price: basic.id, quantity: 1 }],
      subscription_data: { billing_cycle_anchor: anchor, proration_behavior: behavior },
    })
    expect(Math.abs((session.amount_total ?? 0) - due)).toBeLessThan(40)
    await pay(session)
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription', 'invoice'],
    })
    expect(done.subscription).toMatchObject({ billing_cycle_anchor: anchor, status: 'active' })
    expect(done.invoice).toMatchObject({ total: session.amount_total })
  })
})

describe('a session', () => {
  test('in setup mode has no amounts, discounts or totals', async () => {
    const { stripe } = await start()
    const customer = await stripe.customers.create()
    const session = await stripe.checkout.sessions.create({
      ...URLS,
      mode: 'setup',
      currency: 'usd',
      customer: customer.id,
    })
    expect(session).toMatchObject({
      adaptive_pricing: { enabled: false },
      amount_total: null,
      customer_details: { tax_exempt: null },
      discounts: null,
      invoice_creation: null,
      saved_payment_method_options: null,
      total_details: null,
    })
  })

  test('that is embedded has a client secret, fits a frame, and returns to its URL', async () => {
    const { emulator, stripe } = await start()
    const { basic } = await shop(stripe)
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      ui_mode: 'embedded_page',
      return_url: 'https://app.test/return?id={CHECKOUT_SESSION_ID}',
      line_items: [{ price: basic.id, quantity: 1 }],
    })
    expect(session).toMatchObject({
      redirect_on_completion: 'always',
      success_url: null,
      url: null,
    })
    expect(session.client_secret).toContain(`${session.id}_secret_`)
    const page = `${emulator.url}/c/pay/${session.id}`
    const shown = await fetch(page)
    expect(shown.headers.get('content-security-policy')).toContain('frame-ancestors *')
    const answer = await post(page, CARD)
    expect(answer.headers.get('location')).toBe(`https://app.test/return?id=${session.id}`)
  })

  test('that has expired can be recovered for 30 days, where it says so', async () => {
    const { emulator, stripe } = await start()
    const session = await mugs(stripe, {
      after_expiration: { recovery: { enabled: true } },
      client_reference_id: 'order-7',
    })
    expect(session.after_expiration?.recovery).toMatchObject({ enabled: true, url: null })
    const expired = await stripe.checkout.sessions.expire(session.id)
    const { url, expires_at: until } = expired.after_expiration?.recovery ?? {}
    expect(until).toBe(seconds(START) + 30 * 86_400)
    const answer = await fetch(url ?? '', { redirect: 'manual' })
    const [copy] = (await stripe.checkout.sessions.list({ status: 'open' })).data
    expect(answer.headers.get('location')).toBe(`/c/pay/${copy?.id}`)
    expect(copy).toMatchObject({
      amount_total: 3000,
      client_reference_id: 'order-7',
      recovered_from: session.id,
      status: 'open',
    })
    emulator.clock.advanceBy(30 * DAY_MS)
    expect((await fetch(url ?? '', { redirect: 'manual' })).status).toBe(400)
  })

  test('keeps what changes its looks', async () => {
    const { stripe } = await start()
    const session = await mugs(stripe, {
      branding_settings: { display_name: 'Mugs & Co', button_color: '#112233' },
      locale: 'de',
      submit_type: 'donate',
      origin_context: 'web',
    })
    expect(session).toMatchObject({
      branding_settings: { display_name: 'Mugs & Co', button_color: '#112233' },
      locale: 'de',
      submit_type: 'donate',
      origin_context: 'web',
    })
    const text = await pageOf(session)
    expect(text).toContain('Mugs &amp; Co')
    expect(text).toContain('Donate')
  })
})
