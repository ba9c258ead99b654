import { afterAll, beforeAll, expect, test } from 'vitest'
import { buyPack, definePlans, syncBilling } from '../../src/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import {
  GOOD_CARD,
  payWith,
  startBilling,
  stripeSide,
  subscribe,
} from '../billing/billing-harness.ts'
import { addUser } from '../harness.ts'
import { grantsOf } from './pack-harness.ts'

const catalog = definePlans({
  meters: { tokens: { name: 'Tokens', unit: ['token', 'tokens'] } },
  plans: {
    pro: {
      name: 'Pro',
      description: 'For teams',
      price: { month: { usd: 4_900, eur: 4_500 } },
      limits: { tokens: 1_000 },
    },
  },
  packs: {
    small: { name: 'Small', meter: 'tokens', amount: 100, price: { usd: 500, eur: 450 } },
  },
  checkout: { promotionCodes: true, taxIds: true },
})

let billing: BillingHarness

beforeAll(async () => {
  billing = await startBilling({ catalog })
})
afterAll(() => billing.close())

test('a pack is sold in the currency of the subscription, and with the catalogue’s options for checkout', async () => {
  const userId = await addUser(billing.ctx)
  await subscribe(billing, { userId, plan: 'pro', currency: 'eur' })
  const { sessionId, url } = await buyPack(billing.ctx, { userId, pack: 'small', quantity: 2 })
  const { sessions } = await stripeSide(billing.ctx, userId)
  expect(sessions.find(({ id }) => id === sessionId)).toMatchObject({
    currency: 'eur',
    amount_total: 900,
    allow_promotion_codes: true,
    tax_id_collection: { enabled: true },
  })
  await payWith(GOOD_CARD, url)
  await syncBilling(billing.ctx, { userId })
  expect(await grantsOf(billing.ctx, userId)).toMatchObject([{ amount: 200 }])
})

test('with 100 live grants of its meter a user can buy no more of it', async () => {
  const userId = await addUser(billing.ctx)
  await billing.ctx.db.pool.query(
    `INSERT INTO grants (id, user_id, meter, amount, remaining, source, effective_at, created_at)
     SELECT gen_random_uuid(), $1, 'tokens', 1, 1, 'admin', now(), now() FROM generate_series(1, 100)`,
    [userId],
  )
  await expect(buyPack(billing.ctx, { userId, pack: 'small' })).rejects.toMatchObject({
    code: 'VALIDATION',
  })
})
