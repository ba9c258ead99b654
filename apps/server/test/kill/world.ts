import type { Context } from '@tollgate/core'
import { closeContext, createContext, pushPlans, upsertUser } from '@tollgate/core'
import { silentLog } from '@tollgate/core/testing'
import type { StripeEmulator } from '@tollgate/stripe-emulator'
import { startStripeEmulator } from '@tollgate/stripe-emulator'
import { createTestDatabase, differencesFromStripe } from '@tollgate/testing'
import { catalog } from '@tollgate/testing/catalog'
import { held } from '@tollgate/testing/stripe'
import { openStripeGate } from '@tollgate/testing/stripe-gate'
import { expect } from 'vitest'
import { apiKey, WEBHOOK_SECRET } from '../harness.ts'
import type { ServerProcess } from '../server-process.ts'
import { startProcess } from '../server-process.ts'
import { openPostgresGate } from './postgres-gate.ts'
import { Trap } from './trap.ts'

/** Servers that can be killed at any step, and a second process that outlives them: this one. */
export interface KillWorld {
  stripe: StripeEmulator
  /** What the second process has: a way of its own to the database and to Stripe. */
  core: Context
  call: (server: ServerProcess, path: string, body: object) => Promise<unknown>
  close: () => Promise<void>
  trap: Trap
  startVictim: () => Promise<ServerProcess>
  /** The last server that got through everything, for whoever needs one next. */
  spare: ServerProcess | null
}

export async function startKillWorld(): Promise<KillWorld> {
  const database = await createTestDatabase()
  const stripe = await startStripeEmulator({ observer: held() })
  const trap = new Trap()
  const [byPostgres, byStripe] = await Promise.all([
    openPostgresGate(database.url, trap),
    openStripeGate(stripe.url, ({ method, url }) => !trap.holds(`${method} ${url.split('?')[0]}`)),
  ])
  const core = createContext({
    catalog,
    databaseUrl: database.url,
    stripe: { secretKey: 'sk_test_1', webhookSecrets: [WEBHOOK_SECRET], apiBase: stripe.url },
    settings: { appUrl: 'http://127.0.0.1', pastDueGraceDays: 7, priceIds: {} },
    log: silentLog,
  })
  await pushPlans(core, { dryRun: false })
  const key = await apiKey(core, ['billing:write'])
  return {
    stripe,
    core,
    trap,
    spare: null,
    startVictim: () => startProcess(byPostgres.url, { STRIPE_API_BASE: byStripe.url }),
    async call(server, path, body) {
      const response = await fetch(server.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return response.json()
    },
    async close() {
      await closeContext(core)
      await Promise.all([byPostgres.cut(), byStripe.close()])
      await stripe.stop()
      await database.drop()
    },
  }
}

export interface Operation<T> {
  /** What has to be there before the first step; anew for each kill. */
  prepare: () => Promise<T>
  /** What the server is asked to do, and killed in. */
  act: (server: ServerProcess, prepared: T) => Promise<unknown>
  /** Which steps to kill it after; those that change nothing differ from none. */
  counts: (step: string) => boolean
  /** What its caller does after the crash, and what must hold then. */
  recover: (prepared: T, step: string) => Promise<void>
}

/**
 * Kills a server after the first step of the operation, another one after the second, and so on, until one gets through
 * all of them. Answers the steps.
 */
export async function killAtEachStep<T>(
  world: KillWorld,
  { prepare, act, counts, recover }: Operation<T>,
): Promise<string[]> {
  const steps: string[] = []
  while (true) {
    const prepared = await prepare()
    const victim = world.spare ?? (await world.startVictim())
    world.spare = null
    const reached = world.trap.set(steps.length + 1, counts)
    const through = act(victim, prepared).then(
      () => null,
      () => null,
    )
    const step = await Promise.race([reached, through])
    if (step === null) {
      world.trap.clear()
      world.spare = victim
      return steps
    }
    victim.signal('SIGKILL')
    await victim.ended
    world.trap.clear()
    steps.push(step)
    await leasesRunOut(world.core)
    await recover(prepared, step)
  }
}

/** The time that a dead holder of a lease is waited for. */
async function leasesRunOut({ db }: Context): Promise<void> {
  await db.pool.query('UPDATE leases SET held_until = clock_timestamp()')
}

/** What Stripe has about a user, whatever we think of it. */
export async function stripeSide({ core }: KillWorld, userId: string) {
  const { customers, customer } = await core.stripe.call(async (stripe) => {
    const all = await stripe.customers.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 })
    const mine = all.filter(({ metadata }) => metadata['userId'] === userId)
    return { customers: mine, customer: mine[0]?.id ?? '' }
  })
  return core.stripe.call(async (stripe) => ({
    customers,
    customer,
    sessions: (await stripe.checkout.sessions.list({ customer, limit: 100 })).data,
    subscriptions: (await stripe.subscriptions.list({ customer, status: 'all' })).data,
    schedules: (await stripe.subscriptionSchedules.list({ customer, limit: 100 })).data,
    charges: (await stripe.charges.list({ customer, limit: 100 })).data,
    invoices: (await stripe.invoices.list({ customer, limit: 100 })).data,
  }))
}

/** Fails unless the tables say of this user what Stripe says. */
export async function expectMirrored({ stripe, core }: KillWorld, userId: string): Promise<void> {
  const all = await differencesFromStripe({ stripe: stripe.url, db: core.db.pool })
  expect(all.filter((difference) => difference.startsWith(userId))).toEqual([])
}

/**
 * What changes something that the operation is about. What only reads, a lease that runs out, notes that are written
 * again by whoever comes next, and each worker's look at the inbox every two seconds lie between these.
 */
export const effects = (step: string): boolean =>
  !/^GET |create_preview$|\b(leases|stripe_prices|api_keys)\b|^WITH event AS \($/.test(step)

let users = 0

/** A user without a subscription. */
export async function newUser({ core }: KillWorld): Promise<string> {
  users += 1
  const userId = `user_${users}`
  await upsertUser(core, { userId, email: `${userId}@example.com` })
  return userId
}
