import type { Observer, StripeEmulator } from '@tollgate/stripe-emulator'
import { startStripeEmulator } from '@tollgate/stripe-emulator'
import type { Context, Worker } from '../../src/index.ts'
import { closeContext, createContext, pushPlans, startWorker } from '../../src/index.ts'
import { ManualClock, silentLog } from '../../src/testing.ts'
import { catalog } from './catalog.ts'
import { Random } from './random.ts'
import type { FaultPlan } from './webhook-delivery.ts'
import { SECRET, WebhookDelivery } from './webhook-delivery.ts'

/** Two processes on one database, their Stripe, and the delivery of its webhooks. */
export interface World {
  ctx: Context
  /** The context of another process. */
  other: Context
  stripe: StripeEmulator
  webhooks: WebhookDelivery
  /** Stops the worker: from now on no event is handled. */
  stopWorker: () => Promise<void>
  random: Random
  /** The plan of each price that ever had a plan's lookup key. */
  everMapped: Map<string, string>
  /** Lets time pass on both sides. */
  pass: (ms: number) => void
  close: () => Promise<void>
}

const BEGINNING = '2026-11-15T12:00:00.000Z'

export async function startWorld(
  databaseUrl: string,
  { seed, faultPlan, observer }: { seed: number; faultPlan: FaultPlan; observer?: Observer },
): Promise<World> {
  const random = new Random(seed)
  const clock = new ManualClock(BEGINNING)
  const webhooks = new WebhookDelivery(new Random(seed + 1), faultPlan)
  const stripe = await startStripeEmulator({
    clock,
    dunning: { finally: random.pick(['cancel', 'unpaid', 'past_due'] as const) },
    observer: {
      onExchange: (exchange) => observer?.onExchange?.(exchange),
      onEvent: (event) => {
        observer?.onEvent?.(event)
        webhooks.take(event)
      },
    },
  })
  const open = () =>
    createContext({
      catalog,
      databaseUrl,
      stripe: { secretKey: 'sk_test_lifecycles', webhookSecrets: [SECRET], apiBase: stripe.url },
      settings: {
        appUrl: 'http://127.0.0.1:3000',
        pastDueGraceDays: 7,
        priceIds: {},
        reconcile: { everyHours: 0, requestsPerSecond: 10_000 },
      },
      log: silentLog,
      clock,
    })
  const ctx = open()
  const other = open()
  await pushPlans(ctx, { dryRun: false })
  let worker: Worker | null = await startWorker(ctx)
  const stopWorker = async () => {
    const stopped = worker?.stop()
    worker = null
    await stopped
  }
  const world: World = {
    ctx,
    other,
    stripe,
    webhooks,
    stopWorker,
    random,
    everMapped: new Map(),
    pass(ms) {
      clock.advance(ms)
      stripe.clock.advanceTo(clock.now())
    },
    async close() {
      await stopWorker()
      await Promise.all([closeContext(ctx), closeContext(other)])
      await stripe.stop()
    },
  }
  await noteLookupKeys(world)
  return world
}

/** Makes Stripe fail at random, in each of its ways; before the effect, or after it. */
export function startFailing({ stripe }: World, random: Random, probability: number): void {
  stripe.faults.onRequest = () => {
    if (!random.happens(probability)) return null
    return random.pick([
      { kind: 'answer', error: 'rate_limit' },
      { kind: 'answer', error: 'lock_timeout' },
      { kind: 'answer', error: 'server_error' },
      { kind: 'answer', error: 'server_error', remembered: true },
      { kind: 'cut', when: 'before' },
      { kind: 'cut', when: 'after' },
    ] as const)
  }
}

/** Notes the plan of each price that has a plan's lookup key now. */
export async function noteLookupKeys({ ctx, everMapped }: World): Promise<void> {
  const prices = await ctx.stripe.call((stripe) =>
    stripe.prices.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 }),
  )
  for (const { id, lookup_key } of prices) {
    if (lookup_key?.startsWith('tollgate_'))
      everMapped.set(id, lookup_key.replace(/^tollgate_/, '').replace(/_year$/, ''))
  }
}
