import { pushPlans, upsertUser } from '@tollgate/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestServer } from './harness.ts'
import { send, signUp, startServer } from './harness.ts'
import { environment, run } from './server-process.ts'

/** Each command is a process of its own. */
const PATIENT_MS = 120_000

let server: TestServer
let databaseUrl: string
beforeAll(async () => {
  server = await startServer()
  databaseUrl = server.core.db.url
  await pushPlans(server.core, { dryRun: false })
})
afterAll(() => server.close())

async function tollgate(...args: string[]) {
  const env = environment(databaseUrl, {
    STRIPE_API_BASE: server.stripeUrl,
    APP_URL: 'https://app.example.com',
  })
  const { ended } = await run('tollgate', { env, args })
  const { code, stdout, stderr } = await ended
  return { code, stdout: stdout.trim(), stderr: stderr.trim() }
}

it(
  'doctor says what is wrong and what to do, plans push mends it and shows the secret',
  async () => {
    const ill = await tollgate('doctor')
    expect(ill.code).toBe(1)
    expect(ill.stdout).toMatch(/problem {2}webhook endpoint .*\n.*tollgate plans push/)
    const pushed = await tollgate('plans', 'push')
    expect(pushed.code).toBe(0)
    expect(pushed.stdout).toMatch(/^To do:\n/)
    expect(pushed.stdout).toMatch(/\nSTRIPE_WEBHOOK_SECRET=whsec_\w+$/)
  },
  PATIENT_MS,
)

/** As in Stripe's dashboard, for a customer whose metadata names the user. */
async function subscribeByHand(userId: string) {
  await server.core.stripe.call(async (stripe) => {
    const customer = await stripe.customers.create({ metadata: { userId } })
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
    const { data } = await stripe.prices.list({ lookup_keys: ['tollgate_basic'] })
    await stripe.subscriptions.create({
      customer: customer.id,
      default_payment_method: card.id,
      items: [{ price: data[0]?.id ?? '' }],
    })
  })
}

it(
  'stripe reconcile ends with 1 while something is left, and repairs it',
  async () => {
    await upsertUser(server.core, { userId: 'u1', email: 'u1@example.com' })
    await subscribeByHand('u1')
    const looked = await tollgate('stripe', 'reconcile', '--dry-run', '--json')
    expect(looked.code).toBe(1)
    expect(JSON.parse(looked.stdout)).toMatchObject({
      dryRun: true,
      complete: true,
      counts: expect.arrayContaining([{ kind: 'customer_unbound', found: 1, repaired: 0 }]),
    })
    const repaired = await tollgate('stripe', 'reconcile')
    expect(repaired.code).toBe(0)
    expect(repaired.stdout).toMatch(/customer_unbound .* repaired\n/)
  },
  PATIENT_MS,
)

it(
  'events replay runs one event again, or says that there is none',
  async () => {
    await server.core.db.pool.query(
      `INSERT INTO stripe_events (id, type, payload, created_at, received_at, state)
     VALUES ('evt_1', 'payout.paid', '{"id":"evt_1","type":"payout.paid","created":1,"livemode":false}', now(), now(), 'dead')`,
    )
    expect(await tollgate('events', 'replay', '--dead')).toMatchObject({
      code: 0,
      stdout: 'evt_1  payout.paid  -  ignored: other_type',
    })
    const none = await tollgate('events', 'replay', 'evt_none')
    expect(none).toMatchObject({ code: 1, stderr: 'There is no event evt_none.' })
  },
  PATIENT_MS,
)

it(
  'admin grant shows how an account was made, and wants a verified address or the id',
  async () => {
    const { userId } = await signUp(server, 'operator@example.com')
    const refused = await tollgate('admin', 'grant', 'operator@example.com')
    expect(refused.code).toBe(1)
    expect(refused.stdout).toMatch(/made on \S+Z, signs in with password; .* not verified\n/)
    expect(refused.stdout).toContain(`--user-id ${userId}`)
    const byId = await tollgate('admin', 'grant', '--user-id', userId, '--json')
    expect(byId.code).toBe(0)
    expect(JSON.parse(byId.stdout)).toMatchObject({
      userId,
      account: { role: 'admin', signInBy: ['password'], emailVerified: false },
    })
    await server.core.db.pool.query('UPDATE auth_users SET email_verified = true')
    expect(await tollgate('admin', 'grant', 'operator@example.com')).toMatchObject({ code: 0 })
  },
  PATIENT_MS,
)

it(
  'admin ban, unban, revoke and erase do what they say to sessions that are open, each on record',
  async () => {
    const { userId, cookie } = await signUp(server, 'somebody@example.com')
    const because = ['--reason', 'a test']
    const asked = () =>
      send(`${server.url}/api/billing/subscription`, { headers: { cookie } }).then(
        ({ status }) => status,
      )
    expect(await asked()).toBe(200)
    expect(await tollgate('admin', 'ban', 'somebody@example.com', ...because)).toMatchObject({
      code: 0,
      stdout: `${userId} is banned`,
    })
    expect(await asked()).toBe(401)
    await tollgate('admin', 'unban', 'somebody@example.com', ...because)
    expect(await tollgate('admin', 'revoke', 'operator@example.com', ...because)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('last admin'),
    })
    expect(await tollgate('admin', 'erase', '--user-id', userId)).toMatchObject({ code: 1 })
    expect(await tollgate('admin', 'erase', '--user-id', userId, ...because)).toMatchObject({
      code: 0,
    })
    const { rows } = await server.core.db.pool.query(
      'SELECT action, actor_id, reason FROM audit_log WHERE user_id = $1 ORDER BY at, id',
      [userId],
    )
    expect(rows).toEqual([
      { action: 'account.ban', actor_id: 'admin ban', reason: 'a test' },
      { action: 'account.unban', actor_id: 'admin unban', reason: 'a test' },
      { action: 'account.erase', actor_id: 'admin erase', reason: 'a test' },
    ])
  },
  PATIENT_MS,
)
