import type { Customer, PaymentMethod, Price, Product, Subscription } from '../../../documents.ts'
import { integer, text } from '../../params/param.ts'
import { shape } from '../../params/shape.ts'
import type { ScenarioContext } from './scenario.ts'
import { scenario } from './scenario.ts'

const AMOUNT_MINOR = 2_000

/** Creates a subscription, and the customer, card and price that it needs. */
export const subscribe = scenario(
  'subscribe',
  {
    summary: 'Subscribes a customer to a price; by default a new customer, to the newest price',
    takes: 'customer, price, card (pm_card_visa), trialDays',
    params: shape({ customer: text, price: text, card: text, trialDays: integer({ min: 1 }) }),
  },
  (context, { customer: known, price, card, trialDays }): Subscription => {
    const customer = known ?? newCustomer(context).id
    const hasCard =
      context.store.get('customers', customer)?.invoice_settings.default_payment_method != null
    if (card !== undefined || !hasCard) setDefaultCard(context, customer, card ?? 'pm_card_visa')
    return context.api.call('POST /v1/subscriptions', {
      params: {
        customer,
        items: [{ price: price ?? anyPrice(context) }],
        trial_period_days: trialDays,
      },
    })
  },
)

function newCustomer({ api }: ScenarioContext): Customer {
  return api.call('POST /v1/customers', {
    params: { name: 'Ada Example', email: 'ada@example.com' },
  })
}

/** Attaches a card, `pm_card_visa` and its like, and makes it the customer's default. */
function setDefaultCard({ api }: ScenarioContext, customer: string, card: string): void {
  const { id } = api.call<PaymentMethod>('POST /v1/payment_methods/:id/attach', {
    id: card,
    params: { customer },
  })
  api.call('POST /v1/customers/:id', {
    id: customer,
    params: { invoice_settings: { default_payment_method: id } },
  })
}

function anyPrice({ api, store }: ScenarioContext): string {
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
