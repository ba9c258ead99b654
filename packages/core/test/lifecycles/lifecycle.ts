import type { Observer } from '@tollgate/stripe-emulator'
import { differencesFromStripe } from '../../../../tooling/testing/src/stripe-state/differences.ts'
import { priceLookupKey } from '../../src/catalog/index.ts'
import type { Context } from '../../src/index.ts'
import { getSubscription, reconcile, upsertUser } from '../../src/index.ts'
import { currentPrices } from '../../src/stripe/index.ts'
import { dashboardVerbs } from './dashboard-verbs.ts'
import { buy, payerVerbs } from './payer-verbs.ts'
import { Random } from './random.ts'
import type { Verb } from './verb.ts'
import { attempt } from './verb.ts'
import type { FaultPlan } from './webhook-delivery.ts'
import type { World } from './world.ts'
import { noteLookupKeys, startFailing, startWorld } from './world.ts'

const LANES = 8
const HOUR_MS = 3_600_000

/** How often each verb was called, by its outcome: `buy ok`, `change STRIPE_REJECTED`. */
export type Tally = Map<string, number>

export interface Lifecycle {
  world: World
  tally: Tally
}

export interface LifecycleOptions {
  seed: number
  customers: number
  rounds: number
  faultPlan: FaultPlan
  /** Sees every exchange with Stripe. */
  observer?: Observer
}

/** Runs a random lifecycle of many customers: in each round something happens to each of them, then time passes. */
export async function runLifecycle(
  databaseUrl: string,
  options: LifecycleOptions,
): Promise<Lifecycle> {
  const { seed, customers, rounds, faultPlan } = options
  const world = await startWorld(databaseUrl, options)
  const people = Array.from({ length: customers }, (_, i) => ({
    userId: `user_${i}`,
    random: new Random(seed * 1_000 + i),
  }))
  for (const { userId } of people) {
    await upsertUser(world.ctx, { userId, email: `${userId}@example.com` })
  }
  const foreignPrice = await makeForeignPrice(world)
  const tally: Tally = new Map()
  for (let round = 0; round < rounds; round += 1) {
    startFailing(world, new Random(seed + round), faultPlan.failing)
    const waiting = people.values()
    const lane = async () => {
      for (const { userId, random } of waiting) {
        const ctx = random.pick([world.ctx, world.other])
        const verb = await pickVerb(ctx, userId, random)
        const outcome = await attempt(verb, { ctx, userId, random, foreignPrice })
        const line = `${verb.name} ${outcome}`
        tally.set(line, (tally.get(line) ?? 0) + 1)
      }
    }
    const lanes = Array.from({ length: LANES }, lane)
    await Promise.all([...lanes, world.webhooks.deliver(world.other, 0.6)])
    world.stripe.faults.onRequest = undefined
    if (world.random.happens(0.4)) await changePrices(world)
    // Sometimes an hour, so that drafts are seen too; else up to most of a month.
    world.pass(world.random.whole(1, world.random.happens(0.2) ? 2 : 24 * 24) * HOUR_MS)
  }
  await tallyStates(world, tally)
  return { world, tally }
}

/** The statuses of Stripe's objects at the end: without a failed payment a lifecycle would prove little. */
async function tallyStates({ ctx }: World, tally: Tally): Promise<void> {
  const all = { limit: 10_000 }
  const [subscriptions, invoices] = await ctx.stripe.call(async (stripe) => [
    await stripe.subscriptions.list({ status: 'all', limit: 100 }).autoPagingToArray(all),
    await stripe.invoices.list({ limit: 100 }).autoPagingToArray(all),
  ])
  for (const { object, status } of [...subscriptions, ...invoices]) {
    const line = `${object}: ${status}`
    tally.set(line, (tally.get(line) ?? 0) + 1)
  }
}

/** A customer without a subscription mostly buys, since the other verbs need one. */
async function pickVerb(ctx: Context, userId: string, random: Random): Promise<Verb> {
  const buys = random.happens(0.8)
  const any = random.pick(random.happens(0.6) ? payerVerbs : dashboardVerbs)
  return buys && (await getSubscription(ctx, { userId })) === null ? buy : any
}

async function makeForeignPrice({ ctx }: World): Promise<string> {
  return ctx.stripe.call(async (stripe) => {
    const { id } = await stripe.products.create({ name: 'Support' })
    const recurring = { interval: 'month' } as const
    const price = { product: id, currency: 'usd', unit_amount: 700, recurring }
    return (await stripe.prices.create(price)).id
  })
}

/** The operator gives a plan's lookup key to another price in Stripe's dashboard, and somebody opens the plans page. */
async function changePrices(world: World): Promise<void> {
  const { ctx, random } = world
  const plan = random.pick(['basic', 'pro', 'enterprise'])
  const interval = random.pick(['month', 'year'] as const)
  const amount = random.whole(1_000, 60_000)
  await ctx.stripe.call((stripe) =>
    stripe.prices.create({
      product: `tollgate_${plan}`,
      currency: 'usd',
      unit_amount: amount,
      currency_options: { eur: { unit_amount: amount - 100 } },
      recurring: { interval },
      lookup_key: priceLookupKey(plan, interval),
      transfer_lookup_key: true,
    }),
  )
  await currentPrices(ctx)
  await noteLookupKeys(world)
}

/** How the tables differ from Stripe, by the rules of docs/contract.md alone. */
export function differences({ ctx, stripe, everMapped }: World): Promise<string[]> {
  return differencesFromStripe({ stripe: stripe.url, db: ctx.db.pool, everMapped })
}

/** Delivers every webhook that is still under way, and waits until all events are handled. */
export async function drain({ ctx, webhooks }: World): Promise<void> {
  await webhooks.deliver(ctx, 1)
  while ((await waiting(ctx)) > 0) await new Promise((resolve) => setTimeout(resolve, 50))
}

async function waiting({ db }: Context): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM stripe_events WHERE state = 'pending'`,
  )
  return rows[0]?.n ?? 0
}

/** Makes one complete reconcile run, and returns how many differences it found. */
export async function reconcileOnce({ ctx }: World): Promise<number> {
  const { counts } = await reconcile(ctx, { dryRun: false, sleep: async () => undefined })
  return counts.reduce((sum, { found }) => sum + found, 0)
}
