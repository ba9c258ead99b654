import { driftKinds, eventStates, scopes } from '@tollgate/core'
import { z } from 'zod'
import { instant, meter, plan } from './primitives.ts'

export const eventState = z.enum(eventStates)

/** What an API key may do. */
export const scope = z.enum(scopes)

/** How somebody signs in here. */
export const account = z.object({
  userId: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  role: z.enum(['customer', 'admin']),
  createdAt: instant,
  signInBy: z.array(z.string()),
  bannedAt: instant.nullable(),
  sessions: z.int(),
})

/** An event of the webhook inbox. `failing`: waits for its next attempt; `dead`: was given up. */
export const webhookEvent = z.object({
  id: z.string(),
  type: z.string(),
  state: eventState,
  ignoredBecause: z
    .enum(['other_mode', 'other_type', 'no_customer', 'unknown_customer'])
    .nullable(),
  customerId: z.string().nullable(),
  userId: z.string().nullable(),
  email: z.string().nullable(),
  attempts: z.int(),
  lastError: z.string().nullable(),
  createdAt: instant,
  receivedAt: instant,
  handledAt: instant.nullable(),
  nextAttemptAt: instant.nullable(),
})

const driftCount = z.object({ kind: z.enum(driftKinds), found: z.int(), repaired: z.int() })

/** What a reconcile found; `drift` holds the first 200. */
export const reconciliation = z.object({
  dryRun: z.boolean(),
  complete: z.boolean(),
  nextCursor: z.string().nullable(),
  customers: z.int(),
  counts: z.array(driftCount),
  drift: z.array(
    z.object({
      kind: z.enum(driftKinds),
      objectId: z.string(),
      customerId: z.string().nullable(),
      userId: z.string().nullable(),
      detail: z.string(),
      repaired: z.boolean(),
    }),
  ),
})

const failedPayment = z.object({
  invoiceId: z.string(),
  number: z.string().nullable(),
  userId: z.string(),
  email: z.string(),
  currency: z.string(),
  amountDue: z.int(),
  createdAt: instant,
})

const notice = z.object({
  code: z.enum([
    'another_account',
    'another_mode',
    'customers_unknown',
    'stripe_refuses',
    'dead_events',
    'unrepaired_drift',
    'unknown_prices',
    'several_subscriptions',
    'open_disputes',
    'lost_disputes',
    'paused_collections',
    'packs_refunded_in_part',
    'packs_taken_back',
  ]),
  message: z.string(),
})

/** Money in the currency's minor unit. */
export const overview = z.object({
  monthlyRevenue: z.array(z.object({ currency: z.string(), amount: z.int() })),
  subscriptions: z.array(z.object({ plan: plan.nullable(), status: z.string(), count: z.int() })),
  usage: z.object({ period: z.string(), meters: z.array(z.object({ meter, used: z.int() })) }),
  failedPayments: z.object({
    totals: z.array(z.object({ currency: z.string(), count: z.int(), amountDue: z.int() })),
    latest: z.array(failedPayment),
  }),
  inbox: z.object({
    pending: z.int(),
    failing: z.int(),
    dead: z.int(),
    oldestWaitingAt: instant.nullable(),
  }),
  reconcile: z
    .object({
      startedAt: instant,
      finishedAt: instant.nullable(),
      customers: z.int(),
      counts: z.array(driftCount),
      unrepaired: z.int(),
    })
    .nullable(),
  notices: z.array(notice),
})
