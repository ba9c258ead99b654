import { openSilentLink } from '@tollgate/testing'
import { openStripeGate } from '@tollgate/testing/stripe-gate'
import pg from 'pg'
import { expect, test } from 'vitest'
import { closeContext, createContext, startWorker } from '../../src/index.ts'
import { startScriptedStripe } from '../stripe/scripted-stripe.ts'
import { addCustomer, deliver, inboxOf, startCoreWith } from '../stripe/stripe-harness.ts'
import { subscriptionOf } from '../stripe/stripe-objects.ts'

const noop = () => undefined
const handled = { timeout: 30_000, interval: 50 }

/** A database and a Stripe that answers only once it is let; `asked` settles when a job is under way. */
async function startWorld() {
  const stripe = await startScriptedStripe()
  stripe.subscriptions = [subscriptionOf()]
  const gate: Record<'asked' | 'answer', () => void> = { asked: noop, answer: noop }
  const asked = new Promise<void>((resolve) => {
    gate.asked = resolve
  })
  const answered = new Promise<void>((resolve) => {
    gate.answer = resolve
  })
  const way = await openStripeGate(stripe.apiBase, async () => {
    gate.asked()
    await answered
    return true
  })
  const core = await startCoreWith(way.url)
  await addCustomer(core.ctx, 'cus_1')
  const admin = new pg.Client({ connectionString: core.ctx.db.url })
  await admin.connect()
  return {
    core,
    admin,
    asked,
    answer: gate.answer,
    async close() {
      await admin.end()
      await core.close()
      await way.close()
      await stripe.close()
    },
  }
}

// A rejection that belongs to nobody fails the run of the tests, as it would end a server.
test('a job under way while the database is read-only is handled afterwards, and the worker lives', async () => {
  const { core, admin, asked, answer, close } = await startWorld()
  let stopped = false
  const log = {
    ...core.ctx.log,
    error: (_fields: object, message: string) => {
      stopped ||= message.startsWith('the worker stopped by itself')
    },
  }
  const worker = await startWorker({ ...core.ctx, log })
  await deliver(core.ctx, { id: 'evt_1' })
  await asked

  const { rows } = await admin.query<{ name: string }>(
    'SELECT quote_ident(current_database()) AS name',
  )
  const name = rows[0]?.name
  const cut = () =>
    admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    )
  await admin.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`)
  await cut()
  answer()
  expect(await deliver(core.ctx, { id: 'evt_2' })).toBe('unavailable')
  await expect.poll(() => stopped, handled).toBe(true)
  await admin.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`)
  await cut()

  await expect.poll(() => deliver(core.ctx, { id: 'evt_2' }), handled).toBe('accepted')
  const states = () => inboxOf(core.ctx).then((rows) => rows.map(({ state }) => state))
  await expect.poll(states, handled).toEqual(['handled', 'handled'])
  await worker.stop()
  await close()
}, 90_000)

test('jobs go on where the connection on which they are announced is silent', async () => {
  const { core, answer, close } = await startWorld()
  answer()
  const link = await openSilentLink(core.ctx.db.url)
  const ctx = createContext({
    catalog: core.ctx.catalog,
    databaseUrl: link.url,
    stripe: { secretKey: 'sk_test_123', webhookSecrets: [], apiBase: 'http://127.0.0.1:1' },
    settings: core.ctx.settings,
    log: core.ctx.log,
  })
  const other = { ...ctx, stripe: core.ctx.stripe }
  const worker = await startWorker(other)
  await expect.poll(() => ctx.db.pool.idleCount, handled).toBeGreaterThan(0)
  link.silence()
  await deliver(core.ctx, { id: 'evt_1' })
  const states = () => inboxOf(core.ctx).then((rows) => rows.map(({ state }) => state))
  await expect.poll(states, { timeout: 60_000, interval: 50 }).toEqual(['handled'])
  await worker.stop()
  await closeContext(ctx)
  await link.close()
  await close()
}, 90_000)
