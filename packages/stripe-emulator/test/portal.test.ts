import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { card, DAY_MS, firstItem, post, refusal, shop, start, subscriber } from './harness.ts'

/** A configuration with which a customer can do everything. */
function everything(stripe: Stripe, prices: readonly Stripe.Price[]) {
  return stripe.billingPortal.configurations.create({
    features: {
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price', 'quantity'],
        proration_behavior: 'always_invoice',
        products: prices.map(({ id, product }) => ({ product: String(product), prices: [id] })),
      },
    },
  })
}

async function portal(stripe: Stripe, cardId?: string) {
  const prices = await shop(stripe)
  const { customer, subscription } = await subscriber(stripe, prices.basic.id, cardId)
  const session = await stripe.billingPortal.sessions.create({
    customer: customer.id,
    configuration: (await everything(stripe, [prices.basic, prices.pro])).id,
    return_url: 'http://app.test/billing',
  })
  const act = (action: string, fields: Record<string, string> = {}) =>
    post(`${session.url}/${action}?subscription=${subscription.id}`, fields)
  return { prices, customer, subscription, session, act }
}

describe('a portal session', () => {
  test('has an id, a page and the default configuration', async () => {
    const { stripe } = await start()
    const { customer } = await portal(stripe)
    const session = await stripe.billingPortal.sessions.create({
      customer: customer.id,
      return_url: 'http://app.test/billing',
    })
    expect(session.id).toMatch(/^bps_\w{24}$/)
    expect(session).toMatchObject({
      object: 'billing_portal.session',
      return_url: 'http://app.test/billing',
      flow: null,
    })
    const { data } = await stripe.billingPortal.configurations.list({ is_default: true })
    expect(data.map((one) => one.id)).toEqual([session.configuration])
    expect(
      (await stripe.billingPortal.sessions.create({ customer: session.customer })).configuration,
    ).toBe(session.configuration)
  })

  test('for an unknown customer is rejected', async () => {
    const { stripe } = await start()
    expect(
      await refusal(stripe.billingPortal.sessions.create({ customer: 'cus_x' })),
    ).toMatchObject({ code: 'resource_missing', param: 'customer' })
  })

  test('an unknown link gets 404', async () => {
    const { emulator } = await start()
    expect((await fetch(`${emulator.url}/p/session/test_guess`)).status).toBe(404)
  })
})

describe('the portal page', () => {
  test('shows the plan, the card, the invoices and the return link', async () => {
    const { stripe } = await start()
    const { session } = await portal(stripe)
    const text = await (await fetch(session.url)).text()
    for (const part of [
      'Basic',
      '$19.00 per month',
      'active',
      '4242',
      'http://app.test/billing',
      'renews on 10 December 2026',
      'Invoice history',
    ]) {
      expect(text).toContain(part)
    }
  })

  test('cancels at period end by cancel_at alone, and can undo it', async () => {
    const { emulator, stripe } = await start()
    const { subscription, session, act } = await portal(stripe)
    expect((await act('cancel')).status).toBe(303)
    const ending = await stripe.subscriptions.retrieve(subscription.id)
    expect(ending).toMatchObject({
      status: 'active',
      cancel_at: firstItem(subscription).current_period_end,
      cancel_at_period_end: false,
      cancellation_details: { reason: 'cancellation_requested' },
    })
    expect(await (await fetch(session.url)).text()).toContain('canceled on 10 December 2026')
    await act('resume')
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      cancel_at: null,
      canceled_at: null,
    })
    await act('cancel')
    emulator.clock.advanceBy(31 * DAY_MS)
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled')
    expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1)
  })

  test('switches the plan now, and bills the difference', async () => {
    const { stripe } = await start()
    const { subscription, prices, act } = await portal(stripe)
    await act('update', { price: prices.pro.id })
    const changed = await stripe.subscriptions.retrieve(subscription.id, {
      expand: ['latest_invoice'],
    })
    expect(firstItem(changed).price.id).toBe(prices.pro.id)
    expect(changed.latest_invoice).toMatchObject({
      billing_reason: 'subscription_update',
      status: 'paid',
      total: 3000,
    })
  })

  test('a switch with a declined card changes nothing and shows the reason', async () => {
    const { stripe } = await start()
    const { subscription, prices, act, customer, session } = await portal(stripe)
    expect((await post(`${session.url}/card`, card('4000 0000 0000 0341'))).status).toBe(303)
    const answer = await act('update', { price: prices.pro.id })
    expect(answer.status).toBe(402)
    expect(await answer.text()).toContain('Your card was declined.')
    expect(firstItem(await stripe.subscriptions.retrieve(subscription.id)).price.id).toBe(
      prices.basic.id,
    )
    expect((await stripe.invoices.list({ customer: customer.id })).data).toHaveLength(1)
  })

  test('adds a new card as the default; a declined one shows the reason', async () => {
    const { stripe } = await start()
    const { customer, session } = await portal(stripe)
    const refused = await post(`${session.url}/card`, card('4000 0000 0000 0002'))
    expect(await refused.text()).toContain('Your card was declined.')
    await post(`${session.url}/card`, card('5555 5555 5555 4444'))
    const after = await stripe.customers.retrieve(customer.id, {
      expand: ['invoice_settings.default_payment_method'],
    })
    expect(after).toMatchObject({
      invoice_settings: { default_payment_method: { card: { brand: 'mastercard' } } },
    })
  })

  test('a card that requires 3-D Secure needs it before it is added', async () => {
    const { stripe } = await start()
    const { customer, session } = await portal(stripe)
    const step =
      (await post(`${session.url}/card`, card('4000 0025 0000 3155'))).headers.get('location') ?? ''
    const page = new URL(step, session.url).href
    expect((await stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(1)
    expect((await post(page, { result: 'complete' })).status).toBe(303)
    expect((await stripe.customers.listPaymentMethods(customer.id)).data[0]?.card?.last4).toBe(
      '3155',
    )
  })

  test('cannot change the plan of another customer', async () => {
    const { stripe } = await start()
    const mine = await portal(stripe)
    const other = await portal(stripe)
    const answer = await post(
      `${mine.session.url}/cancel?subscription=${other.subscription.id}`,
      {},
    )
    expect(answer.status).toBe(400)
    expect((await stripe.subscriptions.retrieve(other.subscription.id)).cancel_at).toBeNull()
  })

  test('allows only what its configuration enables', async () => {
    const { stripe } = await start()
    const { customer, subscription } = await portal(stripe)
    const configuration = await stripe.billingPortal.configurations.create({
      features: { invoice_history: { enabled: true } },
    })
    const session = await stripe.billingPortal.sessions.create({
      customer: customer.id,
      configuration: configuration.id,
    })
    expect(await (await fetch(session.url)).text()).not.toContain('Cancel plan')
    expect((await post(`${session.url}/cancel?subscription=${subscription.id}`, {})).status).toBe(
      400,
    )
    expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at).toBeNull()
  })
})

describe('the page of an invoice', () => {
  test('shows it, and serves it as a PDF', async () => {
    const { stripe } = await start()
    const { customer } = await portal(stripe)
    const [invoice] = (await stripe.invoices.list({ customer: customer.id })).data
    const text = await (await fetch(invoice?.hosted_invoice_url ?? '')).text()
    expect(text).toContain(invoice?.number ?? 'no number')
    expect(text).toContain('1 × Basic (at $19.00 / month)')
    const pdf = await fetch(invoice?.invoice_pdf ?? '')
    expect(pdf.headers.get('content-type')).toBe('application/pdf')
    expect((await pdf.text()).startsWith('%PDF-')).toBe(true)
  })

  test('accepts a card for an open invoice, and the subscription becomes active', async () => {
    const { stripe } = await start()
    const { basic } = await shop(stripe)
    const { subscription } = await subscriber(stripe, basic.id, 'pm_card_chargeCustomerFail')
    expect(subscription.status).toBe('incomplete')
    const invoice = await stripe.invoices.retrieve(String(subscription.latest_invoice))
    const declined = await post(`${invoice.hosted_invoice_url}/pay`, card('4000 0000 0000 0341'))
    expect(await declined.text()).toContain('Your card was declined.')
    expect((await post(`${invoice.hosted_invoice_url}/pay`, card('4242424242424242'))).status).toBe(
      303,
    )
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
  })

  test('redirects to 3-D Secure when the card requires it', async () => {
    const { stripe } = await start()
    const { basic } = await shop(stripe)
    const { subscription } = await subscriber(stripe, basic.id, 'pm_card_authenticationRequired')
    const invoice = await stripe.invoices.retrieve(String(subscription.latest_invoice))
    const step = await post(`${invoice.hosted_invoice_url}/pay`, card('4000 0027 6000 3184'))
    const page = new URL(step.headers.get('location') ?? '', invoice.hosted_invoice_url ?? '').href
    const done = await post(page, { result: 'complete' })
    expect(done.headers.get('location')).toBe(invoice.hosted_invoice_url)
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
  })
})
