import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buyPack, getOverview, reconcile, syncBilling } from '../../src/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { GOOD_CARD, payWith, startBilling } from '../billing/billing-harness.ts'
import { addUser } from '../harness.ts'
import { auditOf, chargeOf, grantsOf, packCatalog, scenario } from './pack-harness.ts'

let billing: BillingHarness
let userId: string

beforeAll(async () => {
  billing = await startBilling({ catalog: packCatalog })
})
afterAll(() => billing.close())
beforeEach(async () => {
  userId = await addUser(billing.ctx)
})

const sync = () => syncBilling(billing.ctx, { userId })
const grants = () => grantsOf(billing.ctx, userId)
const audit = () => auditOf(billing.ctx, userId)

async function pay(): Promise<{ charge: string; amount: number }> {
  const { url } = await buyPack(billing.ctx, { userId, pack: 'renders10' })
  await payWith(GOOD_CARD, url)
  const { id, amount } = await chargeOf(billing.ctx, userId)
  return { charge: id, amount }
}
const refund = (charge: string, amount?: number) =>
  billing.ctx.stripe.call((stripe) =>
    stripe.refunds.create({ charge, ...(amount !== undefined && { amount }) }),
  )
/** As if so much of the grant had been used. */
const use = (units: number) =>
  billing.ctx.db.pool.query('UPDATE grants SET remaining = remaining - $2 WHERE user_id = $1', [
    userId,
    units,
  ])
const dispute = async (charge: string) => (await scenario(billing, 'dispute', { charge })).id
const decide = (id: string, decision: 'won' | 'lost') =>
  scenario(billing, 'decide_dispute', { dispute: id, decision })

describe('refunded in full', () => {
  test('before it was granted: there is no grant, whenever one looks', async () => {
    const { charge } = await pay()
    await refund(charge)
    await sync()
    await sync()
    expect(await grants()).toEqual([])
  })

  test('after: what remains is taken away, what was used stays, and the operator is told', async () => {
    const { charge } = await pay()
    await sync()
    await use(4)
    await refund(charge)
    await sync()
    await sync()
    expect(await grants()).toMatchObject([{ amount: 10, remaining: 6, isRevoked: true }])
    expect(await audit()).toEqual(['credits.grant', 'credits.takeBack'])
    const { notices } = await getOverview(billing.ctx)
    expect(notices.map(({ code }) => code)).toContain('packs_taken_back')
  })

  test('in two parts', async () => {
    const { charge, amount } = await pay()
    await sync()
    await refund(charge, amount - 100)
    await sync()
    expect(await grants()).toMatchObject([{ isRevoked: false, amountRefunded: amount - 100 }])
    await refund(charge, 100)
    await sync()
    expect(await grants()).toMatchObject([{ isRevoked: true }])
    expect(await audit()).toEqual(['credits.grant', 'credits.refund', 'credits.takeBack'])
  })
})

test('refunded in part: nothing is taken, and the operator is told, until the grant is used up', async () => {
  const { charge } = await pay()
  await refund(charge, 100)
  await sync()
  expect(await grants()).toMatchObject([{ remaining: 10, isRevoked: false, amountRefunded: 100 }])
  const codes = async () => (await getOverview(billing.ctx)).notices.map(({ code }) => code)
  expect(await codes()).toContain('packs_refunded_in_part')
  await use(10)
  expect(await codes()).not.toContain('packs_refunded_in_part')
})

describe('disputed', () => {
  test('while it is open what remains is frozen; won gives it back', async () => {
    const { charge } = await pay()
    await sync()
    await use(3)
    const id = await dispute(charge)
    await sync()
    expect(await grants()).toMatchObject([{ remaining: 7, isFrozen: true, isRevoked: false }])
    await decide(id, 'won')
    await sync()
    expect(await grants()).toMatchObject([{ remaining: 7, isFrozen: false, isRevoked: false }])
    expect(await audit()).toEqual(['credits.grant', 'credits.freeze', 'credits.unfreeze'])
  })

  test('lost takes it away', async () => {
    const { charge } = await pay()
    await sync()
    const id = await dispute(charge)
    await sync()
    await decide(id, 'lost')
    await sync()
    expect(await grants()).toMatchObject([{ remaining: 10, isFrozen: false, isRevoked: true }])
  })

  test('before it was granted: granted frozen while open, not at all where lost', async () => {
    const { charge } = await pay()
    const id = await dispute(charge)
    await sync()
    expect(await grants()).toMatchObject([{ isFrozen: true }])
    await decide(id, 'won')
    await sync()
    expect(await grants()).toMatchObject([{ isFrozen: false }])

    userId = await addUser(billing.ctx)
    const second = await pay()
    await decide(await dispute(second.charge), 'lost')
    await sync()
    expect(await grants()).toEqual([])
  })

  test('an inquiry takes no money back, and freezes nothing', async () => {
    const { charge } = await pay()
    await scenario(billing, 'dispute', { charge, inquiry: true })
    await sync()
    expect(await grants()).toMatchObject([{ isFrozen: false, isRevoked: false }])
  })
})

test('what an admin has revoked stays revoked, whatever becomes of the payment', async () => {
  const { charge } = await pay()
  await sync()
  await billing.ctx.db.pool.query(
    `UPDATE grants SET revoked_at = now(), revoked_reason = 'given by mistake' WHERE user_id = $1`,
    [userId],
  )
  const id = await dispute(charge)
  await sync()
  await decide(id, 'won')
  await sync()
  expect(await grants()).toMatchObject([{ isRevoked: true }])
})

test('a webhook that never came: the reconcile run finds what was paid and never granted, or refunded since', async () => {
  const { charge } = await pay()
  const look = await reconcile(billing.ctx, { dryRun: true })
  expect(look.drift).toContainEqual(
    expect.objectContaining({ kind: 'grant_missing', userId, repaired: false }),
  )
  expect(await grants()).toEqual([])
  const run = await reconcile(billing.ctx, { dryRun: false })
  expect(run.drift).toContainEqual(
    expect.objectContaining({ kind: 'grant_missing', userId, repaired: true }),
  )
  expect(await grants()).toHaveLength(1)

  await refund(charge)
  const next = await reconcile(billing.ctx, { dryRun: false })
  expect(next.drift).toContainEqual(
    expect.objectContaining({ kind: 'grant_differs', userId, repaired: true }),
  )
  expect(await grants()).toMatchObject([{ isRevoked: true }])
  expect((await reconcile(billing.ctx, { dryRun: false })).drift).toEqual([])
})
