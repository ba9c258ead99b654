import {
  changePlan,
  createCheckout,
  previewChange,
  receiveWebhook,
  startWorker,
  syncBilling,
} from '@tollgate/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ServerProcess } from '../server-process.ts'
import { pay, signatureOf, subscribe, subscribeUnheard } from './payer.ts'
import type { KillWorld } from './world.ts'
import {
  effects,
  expectMirrored,
  killAtEachStep,
  newUser,
  startKillWorld,
  stripeSide,
} from './world.ts'

// Each test starts a server as often as its operation has steps.
const PATIENCE = { timeout: 300_000 }

let world: KillWorld

beforeAll(async () => {
  world = await startKillWorld()
})
afterAll(() => world.close())

it('a checkout makes one customer, one session and one subscription', PATIENCE, async () => {
  const steps = await killAtEachStep(world, {
    prepare: () => newUser(world),
    act: (server, userId) => world.call(server, '/api/billing/checkout', { userId, plan: 'pro' }),
    counts: effects,
    async recover(userId, step) {
      const { sessionId, url } = await createCheckout(world.core, { userId, plan: 'pro' })
      const { customers, sessions } = await stripeSide(world, userId)
      expect([customers.length, sessions.map(({ id }) => id)], step).toEqual([1, [sessionId]])
      await pay(url)
      const again = createCheckout(world.core, { userId, plan: 'pro' })
      await expect(again, step).rejects.toMatchObject({ code: 'ALREADY_SUBSCRIBED' })
      const { subscriptions, charges } = await stripeSide(world, userId)
      expect([subscriptions.length, charges.length], step).toEqual([1, 1])
      expect(await syncBilling(world.core, { userId }), step).toMatchObject({ plan: 'pro' })
      await expectMirrored(world, userId)
    },
  })
  expect(steps).toEqual(
    expect.arrayContaining(['POST /v1/customers', 'POST /v1/checkout/sessions', 'COMMIT']),
  )
})

it('a webhook is stored or sent again, and what it tells of is written', PATIENCE, async () => {
  const steps = await killAtEachStep(world, {
    async prepare() {
      const userId = await newUser(world)
      const event = await subscribeUnheard(world, { userId, plan: 'pro' })
      return { userId, ...event, answered: false }
    },
    async act(server: ServerProcess, sent) {
      const { body } = sent
      const response = await fetch(`${server.url}/api/billing/webhook`, {
        method: 'POST',
        headers: {
          'stripe-signature': signatureOf(world, body),
          'content-type': 'application/json',
        },
        body,
      })
      sent.answered = response.ok
      await untilHandled(sent.id)
    },
    // The last that is fetched, too: what was read is lost, and nothing is written.
    counts: (step) => effects(step) || step === 'GET /v1/charges',
    async recover({ userId, body, id, answered }, step) {
      // What was answered 200 Stripe does not send again.
      if (!answered) {
        const rawBody = Buffer.from(body)
        const outcome = await receiveWebhook(world.core, {
          rawBody,
          signature: signatureOf(world, body),
        })
        expect(outcome, step).toBe('accepted')
      }
      await passMinutes()
      const worker = await startWorker(world.core)
      await untilHandled(id)
      await worker.stop()
      await expectMirrored(world, userId)
    },
  })
  expect(steps).toEqual([
    'INSERT INTO stripe_events',
    expect.stringMatching('^WITH event AS'),
    'GET /v1/charges',
    'COMMIT',
  ])
})

it('an upgrade is paid once', PATIENCE, async () => {
  const steps = await killAtEachStep(world, {
    async prepare() {
      const userId = await newUser(world)
      await subscribe(world, { userId, plan: 'basic' })
      const { prorationDate } = await previewChange(world.core, { userId, plan: 'pro' })
      return { userId, plan: 'pro', prorationDate } as const
    },
    act: (server, change) => world.call(server, '/api/billing/change-plan', change),
    counts: effects,
    async recover(change, step) {
      const { subscription, actionUrl } = await changePlan(world.core, change)
      expect([subscription.plan, actionUrl], step).toEqual(['pro', null])
      const { subscriptions, charges, invoices } = await stripeSide(world, change.userId)
      expect(
        subscriptions.map(({ pending_update }) => pending_update),
        step,
      ).toEqual([null])
      expect(
        [charges.length, invoices.filter(({ status }) => status === 'paid').length],
        step,
      ).toEqual([2, 2])
      await expectMirrored(world, change.userId)
    },
  })
  expect(steps).toEqual(
    expect.arrayContaining([expect.stringMatching('POST /v1/subscriptions/'), 'COMMIT']),
  )
})

it('a downgrade is scheduled once', PATIENCE, async () => {
  const steps = await killAtEachStep(world, {
    async prepare() {
      const userId = await newUser(world)
      await subscribe(world, { userId, plan: 'pro' })
      return { userId, plan: 'basic' } as const
    },
    act: (server, change) => world.call(server, '/api/billing/change-plan', change),
    counts: effects,
    async recover(change, step) {
      const { subscription } = await changePlan(world.core, change)
      expect([subscription.plan, subscription.pendingPlan], step).toEqual(['pro', 'basic'])
      const { subscriptions, charges, schedules } = await stripeSide(world, change.userId)
      expect([subscriptions.length, charges.length, schedules.length], step).toEqual([1, 1, 1])
      await expectMirrored(world, change.userId)
    },
  })
  expect(steps).toEqual(expect.arrayContaining(['POST /v1/subscription_schedules', 'COMMIT']))
})

async function untilHandled(id: string): Promise<void> {
  const read = async () => {
    const { rows } = await world.core.db.pool.query<{ state: string }>(
      'SELECT state FROM stripe_events WHERE id = $1',
      [id],
    )
    return rows[0]?.state
  }
  await expect.poll(read, { timeout: 20_000, interval: 20 }).toBe('handled')
}

/** As if minutes had passed since the crash. */
async function passMinutes(): Promise<void> {
  await world.core.db.pool.query(
    `UPDATE stripe_events SET received_at = received_at - interval '10 minutes' WHERE state = 'pending';
     UPDATE graphile_worker._private_jobs SET locked_at = locked_at - interval '10 minutes'`,
  )
}
