import type { PlanId } from '@tollgate/testing/catalog'
import {
  cancelSubscription,
  changePlan,
  createCheckout,
  createPortalSession,
  previewChange,
  resumeSubscription,
  syncBilling,
} from '../../src/index.ts'
import type { Step, Verb } from './verb.ts'
import { withInvoice, withSubscription } from './verb.ts'

const PLANS: readonly PlanId[] = ['basic', 'pro', 'enterprise']
const INTERVALS = ['month', 'month', 'year'] as const
const GOOD = '4242 4242 4242 4242'
const DECLINED = '4000 0000 0000 0002'
const SECURE = '4000 0027 6000 3184'

/** Goes to a page of Stripe's and fills in a form there, 3-D Secure included. */
async function fillIn(step: Step, url: string, fields: Record<string, string>): Promise<void> {
  const body = new URLSearchParams(fields)
  const response = await fetch(url, { method: 'POST', redirect: 'manual', body })
  await response.arrayBuffer()
  const next = response.headers.get('location')
  if (!next?.includes('/3ds/')) return
  const result = new URLSearchParams({ result: step.random.pick(['complete', 'fail']) })
  const answer = await fetch(new URL(next, url), {
    method: 'POST',
    redirect: 'manual',
    body: result,
  })
  await answer.arrayBuffer()
}

function card(step: Step): Record<string, string> {
  const number = step.random.pick([GOOD, GOOD, GOOD, GOOD, GOOD, DECLINED, SECURE])
  const details = { cardExpiry: '12 / 34', cardCvc: '123', billingName: 'Ada Lovelace' }
  return { cardNumber: number, ...details, email: 'ada@example.com' }
}

export const buy: Verb = async (step) => {
  const { ctx, userId, random } = step
  const { url } = await createCheckout(ctx, {
    userId,
    plan: random.pick(PLANS),
    interval: random.pick(INTERVALS),
    ...(random.happens(0.6) && { currency: random.pick(['usd', 'eur']) }),
  })
  if (random.happens(0.85)) await fillIn(step, url, card(step))
  if (random.happens(0.3)) await loseTheCard(step)
  if (random.happens(0.5)) await syncBilling(ctx, { userId })
}

/** The card is still there, and declined from now on. */
async function loseTheCard(step: Step): Promise<void> {
  await withSubscription(step, async (stripe, { id, customer }) => {
    const owner = typeof customer === 'string' ? customer : customer.id
    const card = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
      customer: owner,
    })
    await stripe.subscriptions.update(id, { default_payment_method: card.id })
  })
}

const change: Verb = async ({ ctx, userId, random }) => {
  const to = { userId, plan: random.pick(PLANS), interval: random.pick(INTERVALS) }
  const { prorationDate } = await previewChange(ctx, to)
  await changePlan(ctx, { ...to, ...(random.happens(0.7) && { prorationDate }) })
}

const cancel: Verb = ({ ctx, userId }) => cancelSubscription(ctx, { userId })
const resume: Verb = ({ ctx, userId }) => resumeSubscription(ctx, { userId })
const sync: Verb = ({ ctx, userId }) => syncBilling(ctx, { userId })

const useThePortal: Verb = async (step) => {
  const { ctx, userId, random } = step
  const { url } = await createPortalSession(ctx, { userId })
  if (random.happens(0.3)) return fillIn(step, `${url}/card`, card(step))
  return withSubscription(step, async (stripe, { id }) => {
    const page = random.pick(['cancel', 'resume', 'update'])
    const { data } = await stripe.prices.list({ active: true, limit: 100 })
    const price = random.pick(data).id
    await fillIn(step, `${url}/${page}?subscription=${id}`, { price })
  })
}

const payAnInvoice: Verb = (step) =>
  withInvoice(step, 'open', async (_, { hosted_invoice_url }) => {
    if (hosted_invoice_url) await fillIn(step, `${hosted_invoice_url}/pay`, card(step))
  })

/** What a payer does, by our pages and Stripe's; the more often it stands here, the more often it happens. */
export const payerVerbs: readonly Verb[] = [
  buy,
  change,
  change,
  change,
  change,
  cancel,
  resume,
  sync,
  useThePortal,
  useThePortal,
  payAnInvoice,
]
