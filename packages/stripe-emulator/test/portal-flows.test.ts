import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { card, firstItem, post, refusal, shop, start, subscriber } from './harness.ts'

type Features = Stripe.BillingPortal.ConfigurationCreateParams['features']
type Flow = Stripe.BillingPortal.SessionCreateParams.FlowData

/** A subscriber of Basic, and a configuration to switch to Pro. */
async function world(features: Features = {}) {
  const { stripe } = await start()
  const { basic, pro } = await shop(stripe)
  const { customer, subscription } = await subscriber(stripe, basic.id)
  const configuration = await stripe.billingPortal.configurations.create({
    features: {
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price', 'quantity'],
        proration_behavior: 'always_invoice',
        products: [basic, pro].map(({ id, product }) => ({
          product: String(product),
          prices: [id],
        })),
      },
      ...features,
    },
  })
  const open = (flow: Flow) =>
    stripe.billingPortal.sessions.create({
      customer: customer.id,
      configuration: configuration.id,
      return_url: 'http://app.test/billing',
      flow_data: flow,
    })
  const item = firstItem(subscription).id
  const read = () => stripe.subscriptions.retrieve(subscription.id)
  return { stripe, basic, pro, customer, subscription, configuration, open, item, read }
}

const back = { type: 'redirect' as const, redirect: { return_url: 'http://app.test/done' } }

describe('a flow of the portal', () => {
  test('cancels the subscription that it names, and then redirects', async () => {
    const { open, subscription, read } = await world()
    const session = await open({
      type: 'subscription_cancel',
      subscription_cancel: { subscription: subscription.id },
      after_completion: back,
    })
    expect(session.flow).toEqual({
      after_completion: { hosted_confirmation: null, ...back },
      customer_update: null,
      subscription_cancel: { retention: null, subscription: subscription.id },
      subscription_pause: null,
      subscription_update: null,
      subscription_update_confirm: null,
      type: 'subscription_cancel',
    })
    const text = await (await fetch(session.url)).text()
    expect(text).toContain('Cancel Basic?')
    expect(text).not.toContain('Invoice history')
    const answer = await post(`${session.url}/cancel?subscription=${subscription.id}`, {})
    expect(answer.headers.get('location')).toBe('http://app.test/done')
    expect((await read()).cancel_at).toBe(firstItem(subscription).current_period_end)
  })

  test('updates the payment method, and then confirms with the text of the seller', async () => {
    const { stripe, open, customer } = await world()
    const session = await open({
      type: 'payment_method_update',
      after_completion: {
        type: 'hosted_confirmation',
        hosted_confirmation: { custom_message: 'Thank you, all set' },
      },
    })
    expect(await (await fetch(session.url)).text()).toContain('Add payment method')
    const answer = await post(`${session.url}/card`, card('5555 5555 5555 4444'))
    const done = new URL(answer.headers.get('location') ?? '', session.url)
    expect(await (await fetch(done)).text()).toContain('Thank you, all set')
    const after = await stripe.customers.retrieve(customer.id, {
      expand: ['invoice_settings.default_payment_method'],
    })
    expect(after).toMatchObject({
      invoice_settings: { default_payment_method: { card: { last4: '4444' } } },
    })
  })

  test('offers the other plans, and ends on the first page unless it says otherwise', async () => {
    const { open, subscription, pro, read } = await world()
    const session = await open({
      type: 'subscription_update',
      subscription_update: { subscription: subscription.id },
    })
    expect(session.flow?.after_completion.type).toBe('portal_homepage')
    expect(await (await fetch(session.url)).text()).toContain('Switch to Pro')
    const answer = await post(`${session.url}/update?subscription=${subscription.id}`, {
      price: pro.id,
    })
    const home = new URL(answer.headers.get('location') ?? '', session.url)
    expect(await (await fetch(home)).text()).toContain('Payment methods')
    expect(firstItem(await read()).price.id).toBe(pro.id)
  })

  test('confirms the change that it names, which is then invoiced', async () => {
    const { stripe, open, subscription, item, pro, read } = await world()
    const session = await open({
      type: 'subscription_update_confirm',
      subscription_update_confirm: {
        subscription: subscription.id,
        items: [{ id: item, price: pro.id, quantity: 2 }],
      },
      after_completion: back,
    })
    const text = await (await fetch(session.url)).text()
    expect(text).toContain('Confirm your update')
    expect(text).toContain('$98.00')
    const answer = await post(`${session.url}/update?subscription=${subscription.id}`, {
      price: pro.id,
      quantity: '2',
    })
    expect(answer.headers.get('location')).toBe('http://app.test/done')
    const after = await read()
    expect(firstItem(after)).toMatchObject({ price: { id: pro.id }, quantity: 2 })
    expect(await stripe.invoices.retrieve(String(after.latest_invoice))).toMatchObject({
      status: 'paid',
      total: 2 * 4900 - 1900,
    })
  })
})

describe('a flow of the portal is refused', () => {
  test('for a subscription that does not exist, is of another customer, or has ended', async () => {
    const { stripe, open, subscription, basic } = await world()
    const cancel = (id: string) =>
      refusal(open({ type: 'subscription_cancel', subscription_cancel: { subscription: id } }))
    const param = 'flow_data[subscription_cancel][subscription]'
    expect(await cancel('sub_x')).toMatchObject({ code: 'resource_missing', param })
    const other = await subscriber(stripe, basic.id)
    expect(await cancel(other.subscription.id)).toMatchObject({ param })
    await stripe.subscriptions.cancel(subscription.id)
    expect(await cancel(subscription.id)).toMatchObject({ param })
  })

  test('for a subscription that is set to be canceled already', async () => {
    const { stripe, open, subscription } = await world()
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    const refused = open({
      type: 'subscription_cancel',
      subscription_cancel: { subscription: subscription.id },
    })
    expect(await refusal(refused)).toMatchObject({
      statusCode: 400,
      message: `The subscription ${subscription.id} is already set to be canceled at period end.`,
    })
  })

  test('where the configuration does not have the feature', async () => {
    const { open, subscription } = await world({
      subscription_cancel: { enabled: false },
      subscription_update: { enabled: false },
    })
    const of = { subscription: subscription.id }
    expect(
      await refusal(open({ type: 'subscription_update', subscription_update: of })),
    ).toMatchObject({
      message:
        'This subscription cannot be updated because the subscription update feature in the portal configuration is disabled.',
    })
    expect(
      (await refusal(open({ type: 'subscription_cancel', subscription_cancel: of }))).message,
    ).toContain('is disabled')
  })

  test('for a price that the configuration does not list, or without a change', async () => {
    const { stripe, open, subscription, item, basic, configuration } = await world()
    const confirm = (price: string, id = item) =>
      refusal(
        open({
          type: 'subscription_update_confirm',
          subscription_update_confirm: { subscription: subscription.id, items: [{ id, price }] },
        }),
      )
    const unlisted = await stripe.prices.create({
      product: String(basic.product),
      currency: 'usd',
      unit_amount: 100,
      recurring: { interval: 'month' },
    })
    expect((await confirm(unlisted.id)).message).toBe(
      `The item \`${item}\` cannot be updated to price \`${unlisted.id}\` because the configuration \`${configuration.id}\` does not include the price in its \`features[subscription_update][products]\`.`,
    )
    expect((await confirm(basic.id)).message).toBe(
      'Cannot update the subscription because there are no changes to confirm.',
    )
    expect(await confirm(basic.id, 'si_x')).toMatchObject({ code: 'resource_missing' })
  })

  test('without what its type requires, or with what another type has', async () => {
    const { open, subscription } = await world()
    expect(await refusal(open({ type: 'subscription_cancel' }))).toMatchObject({
      code: 'parameter_missing',
      param: 'flow_data[subscription_cancel]',
    })
    const other = { subscription: subscription.id }
    expect(
      await refusal(open({ type: 'payment_method_update', subscription_update: other })),
    ).toMatchObject({ param: 'flow_data[subscription_update]' })
    const nowhere = { type: 'redirect' as const }
    expect(
      await refusal(open({ type: 'payment_method_update', after_completion: nowhere })),
    ).toMatchObject({ param: 'flow_data[after_completion][redirect]' })
  })

  test('with a gap that it names', async () => {
    const { open, subscription } = await world()
    const refused = open({
      type: 'subscription_cancel',
      subscription_cancel: {
        subscription: subscription.id,
        retention: { type: 'coupon_offer', coupon_offer: { coupon: 'x' } },
      },
    })
    expect((await refusal(refused)).message).toContain('stripe-emulator')
  })
})
