import type Stripe from 'stripe'
import type { Step, Verb } from './verb.ts'
import { customerOf, withInvoice, withSubscription } from './verb.ts'

const DAY_SECONDS = 86_400

function inDays({ ctx, random }: Step, low: number, high: number): number {
  const now = Math.floor(ctx.clock.now().getTime() / 1_000)
  return now + random.whole(low, high) * DAY_SECONDS
}

async function anyPrice(step: Step, stripe: Stripe): Promise<string> {
  const { data } = await stripe.prices.list({ active: true, limit: 100 })
  return step.random.pick([...data.map(({ id }) => id), step.foreignPrice])
}

const subscribeByHand: Verb = async (step) => {
  const customer = await customerOf(step)
  if (customer === null) return false
  const { random } = step
  return step.ctx.stripe.call(async (stripe) => {
    const price = await anyPrice(step, stripe)
    if (random.happens(0.3)) {
      // Nobody pays: at the end of the trial it is paused.
      await stripe.subscriptions.create({
        customer,
        items: [{ price }],
        trial_end: inDays(step, 1, 20),
        trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
      })
      return
    }
    const card = random.pick([
      'pm_card_visa',
      'pm_card_chargeCustomerFail',
      'pm_card_authenticationRequired',
    ])
    const { id } = await stripe.paymentMethods.attach(card, { customer })
    const items = [{ price }, ...(random.happens(0.2) ? [{ price: step.foreignPrice }] : [])]
    await stripe.subscriptions.create({
      customer,
      items: [...new Map(items.map((item) => [item.price, item])).values()],
      default_payment_method: id,
      ...(random.happens(0.3) && { trial_end: inDays(step, 1, 20) }),
    })
  })
}

const endNow: Verb = (step) =>
  withSubscription(step, (stripe, { id }) => stripe.subscriptions.cancel(id))

const endLater: Verb = (step) =>
  withSubscription(step, (stripe, { id }) =>
    stripe.subscriptions.update(id, { cancel_at: inDays(step, 1, 60) }),
  )

const changePrice: Verb = (step) =>
  withSubscription(step, async (stripe, { id, items }) => {
    const item = items.data[0]?.id ?? ''
    const price = await anyPrice(step, stripe)
    await stripe.subscriptions.update(id, {
      items: [{ id: item, price, quantity: step.random.whole(1, 3) }],
      proration_behavior: step.random.pick(['always_invoice', 'create_prorations', 'none']),
      payment_behavior: step.random.pick(['allow_incomplete', 'pending_if_incomplete']),
    })
  })

const extendTrial: Verb = (step) =>
  withSubscription(step, (stripe, { id }) =>
    stripe.subscriptions.update(id, { trial_end: inDays(step, 1, 20), proration_behavior: 'none' }),
  )

const pauseCollection: Verb = (step) =>
  withSubscription(step, (stripe, { id, pause_collection }) =>
    stripe.subscriptions.update(id, {
      pause_collection: pause_collection === null ? { behavior: 'void' } : '',
    }),
  )

const changeCard: Verb = (step) =>
  withSubscription(step, async (stripe, { id, customer }) => {
    const card = step.random.pick(['pm_card_visa', 'pm_card_chargeCustomerFail'])
    const owner = typeof customer === 'string' ? customer : customer.id
    const method = await stripe.paymentMethods.attach(card, { customer: owner })
    await stripe.subscriptions.update(id, { default_payment_method: method.id })
  })

const refund: Verb = (step) =>
  withInvoice(step, 'paid', async (stripe, { payments, amount_paid }) => {
    const intent = payments?.data[0]?.payment.payment_intent
    if (!intent || amount_paid === 0) return false
    const payment_intent = typeof intent === 'string' ? intent : intent.id
    const part = step.random.happens(0.5) ? { amount: step.random.whole(1, amount_paid) } : {}
    return stripe.refunds.create({ payment_intent, ...part })
  })

const voidInvoice: Verb = (step) =>
  withInvoice(step, 'open', (stripe, { id }) => stripe.invoices.voidInvoice(id))

const giveUpInvoice: Verb = (step) =>
  withInvoice(step, 'open', (stripe, { id }) => stripe.invoices.markUncollectible(id))

const collectInvoice: Verb = (step) =>
  withInvoice(step, 'open', (stripe, { id }) => stripe.invoices.pay(id))

const finalizeDraft: Verb = (step) =>
  withInvoice(step, 'draft', (stripe, { id }) => stripe.invoices.finalizeInvoice(id))

const deleteCustomer: Verb = async (step) => {
  const customer = await customerOf(step)
  if (customer === null || step.random.happens(0.7)) return false
  return step.ctx.stripe.call((stripe) => stripe.customers.del(customer))
}

/** What an operator does in Stripe's dashboard. */
export const dashboardVerbs: readonly Verb[] = [
  subscribeByHand,
  endNow,
  endLater,
  changePrice,
  changePrice,
  extendTrial,
  pauseCollection,
  changeCard,
  changeCard,
  refund,
  refund,
  voidInvoice,
  giveUpInvoice,
  collectInvoice,
  finalizeDraft,
  deleteCustomer,
]
