import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buyPack, syncBilling } from '../../src/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import {
  authenticateCheckout,
  DAY_MS,
  DECLINED_CARD,
  GOOD_CARD,
  payWith,
  startBilling,
  stripeSide,
  subscribe,
} from '../billing/billing-harness.ts'
import { addUser, NOON } from '../harness.ts'
import { auditOf, grantsOf, packCatalog } from './pack-harness.ts'

let billing: BillingHarness
let userId: string

beforeAll(async () => {
  billing = await startBilling({ catalog: packCatalog })
})
afterAll(() => billing.close())
beforeEach(async () => {
  userId = await addUser(billing.ctx)
})
afterEach(() => {
  billing.stripe.faults.onRequest = undefined
})

type Pack = 'tokens1m' | 'renders10'
const buy = (pack: Pack = 'tokens1m', quantity?: number, ctx = billing.ctx) =>
  buyPack(ctx, { userId, pack, ...(quantity !== undefined && { quantity }) })
const sync = (ctx = billing.ctx) => syncBilling(ctx, { userId })
const grants = () => grantsOf(billing.ctx, userId)
const openSessions = async () =>
  (await stripeSide(billing.ctx, userId)).sessions.filter(({ status }) => status === 'open')

describe('a checkout of a pack', () => {
  test('needs no subscription, and says on everything whose it is and what is sold', async () => {
    const { sessionId, url } = await buy('tokens1m', 3)
    const { customer, sessions } = await stripeSide(billing.ctx, userId)
    expect(sessions).toMatchObject([
      {
        id: sessionId,
        url,
        customer,
        mode: 'payment',
        amount_total: 4_500,
        invoice_creation: { enabled: true },
        metadata: {
          userId,
          tollgate_pack: 'tokens1m',
          tollgate_pack_meter: 'tokens',
          tollgate_pack_amount: '1000000',
          tollgate_pack_quantity: '3',
          tollgate_pack_expires_after_days: '365',
        },
      },
    ])
  })

  test('sends the payer to the given addresses', async () => {
    const page = 'http://127.0.0.1:3000/elsewhere'
    const { url } = await buyPack(billing.ctx, {
      userId,
      pack: 'renders10',
      successUrl: `${page}?paid={CHECKOUT_SESSION_ID}`,
      cancelUrl: page,
    })
    expect((await payWith(GOOD_CARD, url)).location).toMatch(/elsewhere\?paid=cs_test_/)
  })

  test('is refused for a pack, a quantity or a user that there is not', async () => {
    const pack: Pack = JSON.parse('"gold"')
    await expect(buy(pack)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    for (const quantity of [0, -1, 1.5, 1_001, Number.NaN]) {
      await expect(buy('tokens1m', quantity)).rejects.toMatchObject({ code: 'VALIDATION' })
    }
    await expect(
      buyPack(billing.ctx, { userId: 'nobody', pack: 'tokens1m' }),
    ).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
  })

  test('is one for a pack, however often and from wherever it is asked for at once', async () => {
    const other = billing.another()
    const asked = await Promise.all([
      buy(),
      buy('tokens1m', 1, other),
      buy(),
      buy('tokens1m', 1, other),
    ])
    expect(new Set(asked.map(({ sessionId }) => sessionId)).size).toBe(1)
    expect(await openSessions()).toHaveLength(1)
  })

  test('of another quantity expires the one before, and one of another pack does not', async () => {
    const one = await buy('tokens1m')
    const renders = await buy('renders10')
    const two = await buy('tokens1m', 2)
    expect(two.sessionId).not.toBe(one.sessionId)
    expect((await openSessions()).map(({ id }) => id).toSorted()).toEqual(
      [renders.sessionId, two.sessionId].toSorted(),
    )
  })

  test('is one, though the process dies after Stripe made it', async () => {
    billing.stripe.faults.onRequest = ({ method, path }) =>
      method === 'POST' && path === '/v1/checkout/sessions' ? { kind: 'cut', when: 'after' } : null
    await expect(buy()).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    billing.stripe.faults.onRequest = undefined
    const { sessionId } = await buy()
    expect((await stripeSide(billing.ctx, userId)).sessions.map(({ id }) => id)).toEqual([
      sessionId,
    ])
  })

  test('leaves an open checkout of a plan alone, and a plan is bought beside it', async () => {
    const { url } = await buy()
    await subscribe(billing, { userId })
    expect(await openSessions()).toHaveLength(1)
    await payWith(GOOD_CARD, url)
    await sync()
    expect(await grants()).toHaveLength(1)
    expect((await stripeSide(billing.ctx, userId)).subscriptions).toHaveLength(1)
  })
})

describe('a pack', () => {
  test('that is paid is granted once: its amount times the quantity, expiring from then', async () => {
    const { sessionId, url } = await buy('tokens1m', 2)
    await payWith(GOOD_CARD, url)
    expect(await grants()).toEqual([])
    await Promise.all([sync(), sync(billing.another()), sync(), sync(billing.another())])
    await sync()
    const expiresAt = new Date(Date.parse(NOON) + 365 * DAY_MS).toISOString()
    expect(await grants()).toEqual([
      {
        session: sessionId,
        meter: 'tokens',
        amount: 2_000_000,
        remaining: 2_000_000,
        effectiveAt: NOON,
        expiresAt,
        isFrozen: false,
        isRevoked: false,
        amountRefunded: 0,
      },
    ])
    expect(await auditOf(billing.ctx, userId)).toEqual(['credits.grant'])
  })

  test('that never expires has no end', async () => {
    await payWith(GOOD_CARD, (await buy('renders10')).url)
    await sync()
    expect(await grants()).toMatchObject([{ meter: 'renders', amount: 10, expiresAt: null }])
  })

  test('bought twice is granted twice: each checkout is its own', async () => {
    for (const _ of [1, 2]) {
      await payWith(GOOD_CARD, (await buy('renders10')).url)
      await sync()
    }
    expect(await grants()).toHaveLength(2)
  })

  test('is not granted while its checkout is open, declined or left', async () => {
    const { url } = await buy()
    await sync()
    await payWith(DECLINED_CARD, url)
    await sync()
    expect(await grants()).toEqual([])
  })

  test('is not granted by a checkout that expired', async () => {
    const { sessionId } = await buy()
    await billing.ctx.stripe.call((stripe) => stripe.checkout.sessions.expire(sessionId))
    await sync()
    expect(await grants()).toEqual([])
    expect((await buy()).sessionId).not.toBe(sessionId)
  })

  test('waits for 3-D Secure: nothing before, and nothing where it fails', async () => {
    const { url } = await buy()
    await authenticateCheckout(url, 'fail')
    await sync()
    expect(await grants()).toEqual([])
    await authenticateCheckout(url, 'complete')
    await sync()
    expect(await grants()).toHaveLength(1)
  })

  test('is what it was when its checkout was opened, whatever the catalogue says meanwhile', async () => {
    const { url } = await buy('tokens1m')
    await payWith(GOOD_CARD, url)
    const later = billing.another({ ...packCatalog, packs: {}, packIds: [] })
    await sync(later)
    expect(await grants()).toMatchObject([{ meter: 'tokens', amount: 1_000_000 }])
  })
})
