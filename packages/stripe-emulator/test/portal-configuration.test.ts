import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { firstItem, payer, post, refusal, shop, start, subscriber } from './harness.ts'

type Create = Stripe.BillingPortal.ConfigurationCreateParams
type Update = NonNullable<Create['features']['subscription_update']>

function products(prices: readonly Stripe.Price[]): NonNullable<Update['products']> {
  return prices.map(({ id, product }) => ({ product: String(product), prices: [id] }))
}

describe('a configuration of the portal', () => {
  test('keeps what it is given, and has defaults for the rest', async () => {
    const { stripe } = await start()
    const made = await stripe.billingPortal.configurations.create({
      name: 'For teams',
      business_profile: { headline: 'Hello', privacy_policy_url: 'https://app.test/privacy' },
      default_return_url: 'https://app.test/billing',
      metadata: { a: '1' },
      features: {
        customer_update: { enabled: true, allowed_updates: ['email', 'address'] },
        subscription_cancel: {
          enabled: true,
          mode: 'immediately',
          proration_behavior: 'create_prorations',
          cancellation_reason: { enabled: true, options: ['unused', 'other'] },
        },
      },
    })
    expect(made).toMatchObject({
      active: true,
      is_default: false,
      name: 'For teams',
      business_profile: {
        headline: 'Hello',
        privacy_policy_url: 'https://app.test/privacy',
        terms_of_service_url: null,
      },
      default_return_url: 'https://app.test/billing',
      login_page: { enabled: false, url: null },
      metadata: { a: '1' },
      features: {
        customer_update: { enabled: true, allowed_updates: ['email', 'address'] },
        invoice_history: { enabled: false },
        payment_method_update: { enabled: false },
        subscription_cancel: {
          mode: 'immediately',
          proration_behavior: 'create_prorations',
          cancellation_reason: { enabled: true, options: ['unused', 'other'] },
        },
        subscription_update: { enabled: false, proration_behavior: 'none' },
      },
    })
    const { customer } = await payer(stripe)
    const session = await stripe.billingPortal.sessions.create({
      customer: customer.id,
      configuration: made.id,
      locale: 'de',
    })
    expect(session).toMatchObject({ return_url: 'https://app.test/billing', locale: 'de' })
  })

  test('that is the default has everything but a switch of plans', async () => {
    const { stripe } = await start()
    const [standard] = (await stripe.billingPortal.configurations.list({ is_default: true })).data
    expect(standard?.features).toMatchObject({
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, mode: 'at_period_end' },
      subscription_update: { enabled: false },
    })
    const off = stripe.billingPortal.configurations.update(standard?.id ?? '', { active: false })
    expect(await refusal(off)).toMatchObject({ statusCode: 400, param: 'active' })
  })

  test('is needed where the settings of the portal were never saved', async () => {
    const { stripe } = await start({ portalSettings: 'none' })
    const { customer } = await payer(stripe)
    expect((await stripe.billingPortal.configurations.list()).data).toEqual([])
    const refused = await refusal(stripe.billingPortal.sessions.create({ customer: customer.id }))
    expect(refused).toMatchObject({
      statusCode: 400,
      type: 'StripeInvalidRequestError',
      message:
        'No configuration provided and your test mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in test mode at https://dashboard.stripe.com/test/settings/billing/portal.',
    })
    const own = await stripe.billingPortal.configurations.create({
      features: { invoice_history: { enabled: true } },
    })
    const session = { customer: customer.id, configuration: own.id }
    expect((await stripe.billingPortal.sessions.create(session)).configuration).toBe(own.id)
    await stripe.billingPortal.configurations.update(own.id, { active: false })
    expect(await refusal(stripe.billingPortal.sessions.create(session))).toMatchObject({
      param: 'configuration',
    })
  })
})

describe('a configuration of the portal is refused', () => {
  const create = async (
    features: (prices: Awaited<ReturnType<typeof shop>>) => Create['features'],
  ) => {
    const { stripe } = await start()
    return refusal(
      stripe.billingPortal.configurations.create({ features: features(await shop(stripe)) }),
    )
  }

  test('with a switch of plans but no products, or no allowed updates', async () => {
    const on = { payment_method_update: { enabled: true } }
    expect(
      await create(() => ({
        ...on,
        subscription_update: { enabled: true, default_allowed_updates: ['price'] },
      })),
    ).toMatchObject({
      code: 'parameter_missing',
      message: 'Missing required param: features[subscription_update][products].',
    })
    expect(
      await create(({ basic }) => ({
        ...on,
        subscription_update: { enabled: true, products: products([basic]) },
      })),
    ).toMatchObject({ param: 'features[subscription_update][default_allowed_updates]' })
  })

  test('with a switch of plans but no update of the payment method', async () => {
    expect(
      await create(({ basic }) => ({
        subscription_update: {
          enabled: true,
          default_allowed_updates: ['price'],
          products: products([basic]),
        },
      })),
    ).toMatchObject({
      message: 'Cannot enable subscription updates while payment method update is disabled.',
    })
  })

  test.each([
    [
      'a product that does not exist',
      () => [{ product: 'prod_x', prices: ['price_x'] }],
      '[0][product]',
    ],
    [
      'a price that does not exist',
      (basic: Stripe.Price) => [{ product: String(basic.product), prices: ['price_x'] }],
      '[0][prices][0]',
    ],
    [
      'a price of another product',
      (basic: Stripe.Price, pro: Stripe.Price) => [
        { product: String(basic.product), prices: [pro.id] },
      ],
      '[0][prices][0]',
    ],
  ])('with %s', async (_what, listed, param) => {
    expect(
      await create(({ basic, pro }) => ({
        payment_method_update: { enabled: true },
        subscription_update: {
          enabled: true,
          default_allowed_updates: ['price'],
          products: listed(basic, pro),
        },
      })),
    ).toMatchObject({ param: `features[subscription_update][products]${param}` })
  })

  test.each([
    ['always_invoice', 'immediately'],
    ['create_prorations', 'at_period_end'],
  ] as const)('with the proration %s for a cancellation %s', async (behavior, mode) => {
    expect(
      await create(() => ({
        subscription_cancel: { enabled: true, mode, proration_behavior: behavior },
      })),
    ).toMatchObject({ param: 'features[subscription_cancel][proration_behavior]' })
  })
})

describe('the pages of the portal follow the configuration', () => {
  test('a cancellation now stores the reason, and credits the unused time where it says so', async () => {
    const { stripe } = await start()
    const { basic } = await shop(stripe)
    const { customer, subscription } = await subscriber(stripe, basic.id)
    const configuration = await stripe.billingPortal.configurations.create({
      features: {
        subscription_cancel: {
          enabled: true,
          mode: 'immediately',
          proration_behavior: 'create_prorations',
          cancellation_reason: { enabled: true, options: ['unused', 'other'] },
        },
      },
    })
    const { url } = await stripe.billingPortal.sessions.create({
      customer: customer.id,
      configuration: configuration.id,
    })
    const query = `?subscription=${subscription.id}`
    const page = await (await fetch(`${url}/cancel${query}`)).text()
    expect(page).toContain('value="unused"')
    expect(page).not.toContain('value="too_expensive"')
    await post(`${url}/cancel${query}`, { feedback: 'unused', comment: 'Too busy' })
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'canceled',
      cancellation_details: {
        comment: 'Too busy',
        feedback: 'unused',
        reason: 'cancellation_requested',
      },
    })
    const credits = await stripe.invoiceItems.list({ customer: customer.id, pending: true })
    expect(credits.data.map(({ amount }) => amount)).toEqual([-1900])
  })

  test('a customer changes the details that are allowed, and no others', async () => {
    const { stripe } = await start()
    const { customer } = await payer(stripe)
    const configuration = await stripe.billingPortal.configurations.create({
      features: { customer_update: { enabled: true, allowed_updates: ['name', 'address'] } },
    })
    const { url } = await stripe.billingPortal.sessions.create({
      customer: customer.id,
      configuration: configuration.id,
    })
    expect(await (await fetch(`${url}/details`)).text()).not.toContain('name="email"')
    const typed = { name: 'B Payer', email: 'other@example.org' }
    await post(`${url}/details`, { ...typed, 'billing-line1': '1 Road', 'billing-country': 'de' })
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({
      name: 'B Payer',
      email: 'payer@example.org',
      address: { line1: '1 Road', country: 'DE', city: null },
    })
  })

  test('a quantity is changed within its bounds, and a trial ends with a change', async () => {
    const { stripe } = await start()
    const { basic } = await shop(stripe)
    const { customer } = await payer(stripe)
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      trial_period_days: 7,
    })
    const configuration = await stripe.billingPortal.configurations.create({
      features: {
        payment_method_update: { enabled: true },
        subscription_update: {
          enabled: true,
          default_allowed_updates: ['quantity'],
          products: [
            {
              product: String(basic.product),
              prices: [basic.id],
              adjustable_quantity: { enabled: true, minimum: 1, maximum: 5 },
            },
          ],
        },
      },
    })
    const { url } = await stripe.billingPortal.sessions.create({
      customer: customer.id,
      configuration: configuration.id,
    })
    const change = (quantity: string) =>
      post(`${url}/update?subscription=${subscription.id}`, { quantity })
    expect((await change('6')).status).toBe(400)
    expect((await change('3')).status).toBe(303)
    const after = await stripe.subscriptions.retrieve(subscription.id)
    expect(firstItem(after).quantity).toBe(3)
    expect(after.status).toBe('active')
  })

  test('a customer logs in by e-mail address on the login page, while it is on', async () => {
    const { stripe } = await start()
    await payer(stripe)
    const made = await stripe.billingPortal.configurations.create({
      features: { invoice_history: { enabled: true } },
      login_page: { enabled: true },
    })
    const url = made.login_page.url ?? ''
    expect((await post(url, { email: 'nobody@example.org' })).status).toBe(400)
    const answer = await post(url, { email: 'payer@example.org' })
    const home = await fetch(new URL(answer.headers.get('location') ?? '', url))
    expect(await home.text()).toContain('Invoice history')
    await stripe.billingPortal.configurations.update(made.id, { login_page: { enabled: false } })
    expect((await fetch(url)).status).toBe(404)
  })
})
