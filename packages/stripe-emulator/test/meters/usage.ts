import type Stripe from 'stripe'
import type { EmulatorOptions } from '../../src/index.ts'
import { payer, START, start } from '../harness.ts'
import { checkedObserver } from '../schemas/observe.ts'

/** The time of the emulator at the start of a test, in seconds. */
export const NOW = START.getTime() / 1000

type Formula = Stripe.Billing.MeterCreateParams.DefaultAggregation.Formula

/** An emulator with a meter, a metered price of 2 cents a unit and month, and a customer with a card. */
export async function metered(
  options: EmulatorOptions & {
    formula?: Formula
    window?: 'day' | 'hour'
    price?: Partial<Stripe.PriceCreateParams>
  } = {},
) {
  const { formula = 'sum', window, price: given, ...rest } = options
  const { emulator, stripe } = await start({
    observer: checkedObserver({ provoking: true }),
    ...rest,
  })
  const meter = await stripe.billing.meters.create({
    display_name: 'API calls',
    event_name: 'api_calls',
    default_aggregation: { formula },
    ...(window === undefined ? {} : { event_time_window: window }),
  })
  const product = await stripe.products.create({ name: 'API calls' })
  const price = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 2,
    recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
    ...given,
  })
  const { customer } = await payer(stripe)
  let sent = 0
  /** Reports a use, one second after the start unless a time is given. */
  const use = (
    value: number,
    about: { at?: number; identifier?: string; customer?: string; event?: string } = {},
  ) => {
    sent += 1
    return stripe.billing.meterEvents.create({
      event_name: about.event ?? 'api_calls',
      identifier: about.identifier ?? `use_${sent}`,
      timestamp: about.at ?? NOW + 1,
      payload: { stripe_customer_id: about.customer ?? customer.id, value: String(value) },
    })
  }
  const subscribe = (params: Partial<Stripe.SubscriptionCreateParams> = {}) =>
    stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], ...params })
  /** The usage of the customer in whole minutes around the test. */
  const total = async (from = NOW - 36 * 86_400, to = NOW + 366 * 86_400) => {
    const { data } = await stripe.billing.meters.listEventSummaries(meter.id, {
      customer: customer.id,
      start_time: Math.floor(from / 60) * 60,
      end_time: Math.ceil(to / 60) * 60,
    })
    return data[0]?.aggregated_value
  }
  return { emulator, stripe, meter, product, price, customer, use, subscribe, total }
}

/** The lines of the invoices of a subscription, newest invoice first. */
export async function invoicesOf(stripe: Stripe, subscription: string) {
  const { data } = await stripe.invoices.list({ subscription, limit: 100 })
  return data
}

export function linesOf(invoice: Stripe.Invoice | undefined) {
  return (invoice?.lines.data ?? []).map(({ description, quantity, amount, period }) => ({
    description,
    quantity,
    amount,
    period,
  }))
}
