import type Stripe from 'stripe'
import type { Context, ErrorCode } from '../../src/index.ts'
import { isDatabaseAway, TollgateError } from '../../src/index.ts'
import type { Random } from './random.ts'

/** A step of a lifecycle: for which user, in which process, with which random numbers. */
export interface Step {
  ctx: Context
  userId: string
  random: Random
  /** The price that the operator made and never named. */
  foreignPrice: string
}

/** One thing that may happen to a customer; false: there was nothing to do it with. */
export type Verb = (step: Step) => Promise<unknown>

/** The errors that a caller may get; any other is a fault of ours. */
const EXPECTED: ReadonlySet<ErrorCode> = new Set([
  'ALREADY_SUBSCRIBED',
  'NO_SUBSCRIPTION',
  'STRIPE_REJECTED',
  'STRIPE_UNAVAILABLE',
  'UNAVAILABLE',
  'VALIDATION',
])

/** Calls the verb and returns its outcome. Throws errors that are a fault of ours. */
export async function attempt(verb: Verb, step: Step): Promise<string> {
  try {
    return (await verb(step)) === false ? 'nothing' : 'ok'
  } catch (error) {
    if (error instanceof TollgateError && EXPECTED.has(error.code)) return error.code
    // As the API answers it.
    if (isDatabaseAway(error)) return 'UNAVAILABLE'
    throw new Error(`${verb.name} of ${step.userId} failed`, { cause: error })
  }
}

/** The user's customer at Stripe; null for one who never went to checkout. */
export async function customerOf({ ctx, userId }: Step): Promise<string | null> {
  const { rows } = await ctx.db.pool.query<{ customer: string | null }>(
    'SELECT stripe_customer_id AS customer FROM users WHERE id = $1',
    [userId],
  )
  return rows[0]?.customer ?? null
}

/** Does something with one of the customer's running subscriptions, if there is one. */
export async function withSubscription(
  step: Step,
  work: (stripe: Stripe, subscription: Stripe.Subscription) => Promise<unknown>,
): Promise<unknown> {
  const customer = await customerOf(step)
  if (customer === null) return false
  return step.ctx.stripe.call(async (stripe) => {
    const { data } = await stripe.subscriptions.list({ customer, limit: 100 })
    return data.length > 0 && work(stripe, step.random.pick(data))
  })
}

/** Does something with one of the customer's invoices of this status, if there is one. */
export async function withInvoice(
  step: Step,
  status: Stripe.InvoiceListParams.Status,
  work: (stripe: Stripe, invoice: Stripe.Invoice) => Promise<unknown>,
): Promise<unknown> {
  const customer = await customerOf(step)
  if (customer === null) return false
  return step.ctx.stripe.call(async (stripe) => {
    const expand = ['data.payments']
    const { data } = await stripe.invoices.list({ customer, status, expand, limit: 100 })
    return data.length > 0 && work(stripe, step.random.pick(data))
  })
}
