import { z } from 'zod'
import { feature, featureValue, instant, interval, meter, plan } from './primitives.ts'

/** A value for each meter of the catalogue. */
const perMeter = <T extends z.ZodType>(value: T) => z.record(meter, value)

export const planOffer = z.object({
  id: plan,
  name: z.string(),
  description: z.string(),
  currency: z.string(),
  unitAmount: z.int(),
  interval: z.string(),
  /** In further currencies, by their codes, for those who already pay in one of them. */
  otherAmounts: z.record(z.string(), z.int()),
  /** What it is sold at: each interval in each currency, the default first. */
  prices: z.array(z.object({ interval, currency: z.string(), unitAmount: z.int() })),
  limits: perMeter(z.int()),
  unlimited: perMeter(z.boolean()),
  trialDays: z.int(),
})

export const subscription = z.object({
  id: z.string(),
  plan: plan.nullable(),
  /** Of the price that is paid, which may be an earlier one than the plan's on offer. */
  price: z.object({
    currency: z.string(),
    unitAmount: z.int(),
    quantity: z.int(),
    /** For the whole quantity; null where the price has no amount for one. */
    amount: z.int().nullable(),
    interval: z.string(),
    intervalCount: z.int(),
  }),
  status: z.string(),
  currentPeriodStart: instant,
  currentPeriodEnd: instant,
  cancelAt: instant.nullable(),
  trialEnd: instant.nullable(),
  pendingPlan: plan.nullable(),
  /** Of the pending plan, which may be the present one at another interval. */
  pendingInterval: z.string().nullable(),
  pendingAt: instant.nullable(),
  graceEndsAt: instant.nullable(),
  /** While Stripe does not collect. */
  collectionPaused: z.object({ resumesAt: instant.nullable() }).nullable(),
})

/** One of all the subscriptions of a customer, for the operator. */
export const subscriptionLine = z.object({
  id: z.string(),
  plan: plan.nullable(),
  priceId: z.string().nullable(),
  status: z.string(),
  isCurrent: z.boolean(),
  createdAt: instant,
  endedAt: instant.nullable(),
})

/** The amount in the minor unit of `currency`. */
export const nextPayment = z.object({ currency: z.string(), amount: z.int(), at: instant })

/** Amounts in the minor unit of `currency`; negative lines are given back. */
export const changePreview = z.object({
  currency: z.string(),
  dueNow: z.int(),
  nextAmount: z.int(),
  nextAt: instant,
  effectiveAt: instant,
  lines: z.array(z.object({ description: z.string(), amount: z.int() })),
  /** Sent along with the change within an hour, it makes the change cost this. */
  prorationDate: instant,
})

export const quota = z.object({
  meter,
  limit: z.int(),
  unlimited: z.boolean(),
  source: z.enum(['plan', 'override', 'none']),
})

/** What a user has of each feature. To a client that names the catalogue's type, each value is as its type there. */
export const features = z.record(feature, featureValue)

/** A feature of a user, and where its value is from. */
export const featureLine = z.object({
  feature,
  value: featureValue,
  source: z.enum(['plan', 'override', 'none']),
})

export const invoice = z.object({
  id: z.string(),
  number: z.string().nullable(),
  status: z.string(),
  currency: z.string(),
  total: z.int(),
  amountPaid: z.int(),
  amountDue: z.int(),
  amountRefunded: z.int(),
  dueAt: instant.nullable(),
  /** Stripe's; null: there is none. */
  disputeStatus: z.string().nullable(),
  amountDisputed: z.int(),
  createdAt: instant,
  periodStart: instant,
  periodEnd: instant,
  hostedUrl: z.string().nullable(),
  pdfUrl: z.string().nullable(),
})
