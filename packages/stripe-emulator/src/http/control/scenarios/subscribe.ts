import type { Customer, PaymentMethod, Price, Product, Subscription } from '../../../documents.ts'
import { integer, text } from '../../params/param.ts'
import { shape } from '../../params/shape.ts'
import type { Stage } from './scenario.ts'
import { scenario } from './scenario.ts'

const AMOUNT_MINOR = 2_000

/** Makes a subscription, and what it needs that is not there. */
export const subscribe = scenario(
  'subscribe',
  {
    summary: 'Subscribes a customer: a new one, to the newest price, where none is named',
    takes: 'customer, price, card (pm_card_visa), trialDays',
    params: shape({ customer: text, price: text, card: text, trialDays: integer({ min: 1 }) }),
  },
  (stage, { customer: known, price, card, trialDays }): Subscription => {
    const customer = known ?? newCustomer(stage).id
    const hasCard =
      stage.store.get('customers', customer)?.invoice_settings.default_payment_method != null
    if (card !== undefined || !hasCard) giveCard(stage, customer, card ?? 'pm_card_visa')
    return stage.api.call('POST /v1/subscriptions', {
      params: {
        customer,
        items: [{ price: price ?? anyPrice(stage) }],
        trial_period_days: trialDays,
      },
    })
  },
)

function newCustomer({ api }: Stage): Customer {
  return api.call('POST /v1/customers', {
    params: { name: 'Ada Example', email: 'ada@example.com' },
  })
}

/** Attaches a card, `pm_card_visa` and its like, and makes it the customer's default. */
function giveCard({ api }: Stage, customer: string, card: string): void {
  const { id } = api.call<PaymentMethod>('POST /v1/payment_methods/:id/attach', {
    id: card,
    params: { customer },
  })
  api.call('POST /v1/customers/:id', {
    id: customer,
    params: { invoice_settings: { default_payment_method: id } },
  })
}

function anyPrice({ api, store }: Stage): string {
  const known = store.newest('prices').find(({ active, recurring }) => active && recurring !== null)
  if (known !== undefined) return known.id
  const product = api.call<Product>('POST /v1/products', { params: { name: 'Example plan' } })
  const price = api.call<Price>('POST /v1/prices', {
    params: {
      product: product.id,
      currency: 'usd',
      unit_amount: AMOUNT_MINOR,
      recurring: { interval: 'month' },
    },
  })
  return price.id
}
