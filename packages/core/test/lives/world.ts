import type { Observer, StripeEmulator } from '@tollgate/stripe-emulator'
import { startStripeEmulator } from '@tollgate/stripe-emulator'
import { catalog } from '@tollgate/testing/catalog'
import type { Context, Worker } from '../../src/index.ts'
import { closeContext, createContext, pushPlans, startWorker } from '../../src/index.ts'
import { ManualClock, silentLog } from '../../src/testing.ts'
import type { Weather } from './postman.ts'
import { Postman, SECRET } from './postman.ts'
import { Random } from './random.ts'

/** Two processes on one database, their Stripe, and the way between them. */
export interface LifeWorld {
  ctx: Context
  /** What another process has. */
  other: Context
  stripe: StripeEmulator
  postman: Postman
  /** Ends the worker: from now on nobody reacts to what came. */
  stopWorker: () => Promise<void>
  random: Random
  /** The plan of each price that ever had a plan's lookup key. */
  everMapped: Map<string, string>
  /** Lets time pass on both sides. */
  pass: (ms: number) => void
  close: () => Promise<void>
}

const BEGINNING = '2026-11-15T12:00:00.000Z'

export async function startLifeWorld(
  databaseUrl: string,
  { seed, weather, observer }: { seed: number; weather: Weather; observer?: Observer },
): Promise<LifeWorld> {
  const random = new Random(seed)
  const clock = new ManualClock(BEGINNING)
  const postman = new Postman(new Random(seed + 1), weather)
  const stripe = await startStripeEmulator({
    clock,
    dunning: { finally: random.pick(['cancel', 'unpaid', 'past_due'] as const) },
    observer: {
      onExchange: (exchange) => observer?.onExchange?.(exchange),
      onEvent: (event) => {
        observer?.onEvent?.(event)
        postman.take(event)
      },
    },
  })
  const open = () =>
    createContext({
      catalog,
      databaseUrl,
      stripe: { secretKey: 'sk_test_lives', webhookSecrets: [SECRET], apiBase: stripe.url },
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
  const world: LifeWorld = {
    ctx,
    other,
    stripe,
    postman,
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

/** Stripe fails now and then, in each of the ways that it has; before the effect, or after it. */
export function startFailing({ stripe }: LifeWorld, random: Random, probability: number): void {
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

/** Remembers what prices stand for, as whoever looks now can see. */
export async function noteLookupKeys({ ctx, everMapped }: LifeWorld): Promise<void> {
  const prices = await ctx.stripe.call((stripe) =>
    stripe.prices.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 }),
  )
  for (const { id, lookup_key } of prices) {
    if (lookup_key?.startsWith('tollgate_'))
      everMapped.set(id, lookup_key.slice('tollgate_'.length))
  }
}
