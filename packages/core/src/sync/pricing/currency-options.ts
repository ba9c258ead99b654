import type Stripe from 'stripe'

/**
 * The subscriptions, where a price in another currency than its subscription's also says what it costs in that one
 * (docs/stripe.md, fact 39). A list can't be expanded that far (fact 36), so such prices are asked for one by one.
 */
export async function withCurrencyOptions(
  stripe: Stripe,
  subscriptions: readonly Stripe.Subscription[],
): Promise<Stripe.Subscription[]> {
  const foreign = subscriptions.flatMap(({ currency, items }) =>
    items.data.flatMap(({ price }) => (price.currency === currency ? [] : [price.id])),
  )
  const prices = new Map<string, Stripe.Price>()
  await Promise.all(
    [...new Set(foreign)].map(async (id) =>
      prices.set(id, await stripe.prices.retrieve(id, { expand: ['currency_options'] })),
    ),
  )
  return subscriptions.map((subscription) => ({
    ...subscription,
    items: {
      ...subscription.items,
      data: subscription.items.data.map((item) => ({
        ...item,
        price: prices.get(item.price.id) ?? item.price,
      })),
    },
  }))
}
