import { fromSeconds } from '../../../core/clock.ts'
import { invalidRequest, noSuch } from '../../../core/errors.ts'
import type { PaymentMethod, Refund, Subscription } from '../../../documents.ts'
import { boolean, integer, required, text } from '../../params/param.ts'
import { shape } from '../../params/shape.ts'
import type { ScenarioContext } from './scenario.ts'
import { scenario } from './scenario.ts'

const GOOD_CARD = 'pm_card_visa'
/** Attaches, and fails whenever it is charged. */
const FAILING_CARD = 'pm_card_chargeCustomerFail'
/** A renewal's invoice is a draft for an hour. */
const AFTER_DRAFT_SECONDS = 3_600 + 60

const subscriptionOnly = shape({ subscription: required(text) })

const renew = scenario(
  'renew',
  {
    summary: 'Advances the clock past the next renewal and its payment',
    takes: 'subscription',
    params: subscriptionOnly,
  },
  (context, { subscription }) => advancePastRenewal(context, subscription),
)

const failNextPayment = scenario(
  'fail_next_payment',
  {
    summary: 'Gives a subscription a card that fails whenever it is charged',
    takes: 'subscription',
    params: subscriptionOnly,
  },
  (context, { subscription }) => setCard(context, subscription, FAILING_CARD),
)

const failRenewal = scenario(
  'fail_renewal',
  {
    summary: 'The same, and advances the clock past the next renewal: it becomes past due',
    takes: 'subscription',
    params: subscriptionOnly,
  },
  (context, { subscription }) => {
    setCard(context, subscription, FAILING_CARD)
    return advancePastRenewal(context, subscription)
  },
)

const recoverPayment = scenario(
  'recover_payment',
  {
    summary: 'Gives a subscription a card that works, and pays its open invoices',
    takes: 'subscription',
    params: subscriptionOnly,
  },
  (context, { subscription }) => {
    setCard(context, subscription, GOOD_CARD)
    const invoices = context.store.find('invoices', { index: 'subscription', key: subscription })
    for (const { id } of invoices.filter(({ status }) => status === 'open').reverse()) {
      context.api.call('POST /v1/invoices/:id/pay', { id })
    }
    return find(context, subscription)
  },
)

const endTrial = scenario(
  'end_trial',
  { summary: 'Ends a trial now', takes: 'subscription', params: subscriptionOnly },
  ({ api }, { subscription: id }) =>
    api.call('POST /v1/subscriptions/:id', { id, params: { trial_end: 'now' } }),
)

const cancel = scenario(
  'cancel',
  {
    summary: 'Cancels a subscription, now or at the end of its period',
    takes: 'subscription, atPeriodEnd',
    params: shape({ subscription: required(text), atPeriodEnd: boolean }),
  },
  ({ api }, { subscription: id, atPeriodEnd }) =>
    atPeriodEnd === true
      ? api.call('POST /v1/subscriptions/:id', { id, params: { cancel_at_period_end: true } })
      : api.call('DELETE /v1/subscriptions/:id', { id }),
)

const refundInvoice = scenario(
  'refund_invoice',
  {
    summary: 'Refunds the payment of an invoice, in full or in part',
    takes: 'invoice, amount (in the minor unit)',
    params: shape({ invoice: required(text), amount: integer({ min: 1 }) }),
  },
  ({ api, store }, { invoice, amount }): Refund => {
    if (store.get('invoices', invoice) === undefined) throw noSuch('invoice', invoice, 'invoice')
    const payments = store.find('invoice_payments', { index: 'invoice', key: invoice })
    const paid = payments.find(({ status }) => status === 'paid')
    if (paid === undefined) throw invalidRequest(`${invoice} has no payment.`)
    const params = { payment_intent: String(paid.payment.payment_intent), amount }
    return api.call('POST /v1/refunds', { params })
  },
)

/** The scenarios of subscriptions and invoices. */
export const billingScenarios = [
  renew,
  failNextPayment,
  failRenewal,
  recoverPayment,
  endTrial,
  cancel,
  refundInvoice,
]

/** Advances the clock of a subscription (its test clock, or the main one) past its next renewal. */
function advancePastRenewal(context: ScenarioContext, id: string): Subscription {
  const { items, test_clock: clock, ended_at: ended } = find(context, id)
  const ends = items.data.map((item) => item.current_period_end)
  if (ended !== null || ends.length === 0) throw invalidRequest(`${id} has no further renewal.`)
  const target = Math.min(...ends) + AFTER_DRAFT_SECONDS
  if (clock === null) context.engine.advanceTo(fromSeconds(target))
  else {
    const params = { frozen_time: target }
    context.api.call('POST /v1/test_helpers/test_clocks/:id/advance', { id: String(clock), params })
    context.engine.catchUp()
  }
  return find(context, id)
}

function find({ store }: ScenarioContext, id: string): Subscription {
  const subscription = store.get('subscriptions', id)
  if (subscription === undefined) throw noSuch('subscription', id, 'subscription')
  return subscription
}

/** Makes another card the default of a subscription. */
function setCard(context: ScenarioContext, id: string, card: string): Subscription {
  const { customer } = find(context, id)
  const method = context.api.call<PaymentMethod>('POST /v1/payment_methods/:id/attach', {
    id: card,
    params: { customer },
  })
  return context.api.call('POST /v1/subscriptions/:id', {
    id,
    params: { default_payment_method: method.id },
  })
}
