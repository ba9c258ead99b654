import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { buyPack, reconcile, syncBilling } from '../../src/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { GOOD_CARD, payWith, startBilling, stripeSide } from '../billing/billing-harness.ts'
import { addUser } from '../harness.ts'
import { grantsOf, packCatalog } from './pack-harness.ts'

let billing: BillingHarness

beforeAll(async () => {
  billing = await startBilling({ catalog: packCatalog })
})
afterEach(() => {
  billing.stripe.faults.onRequest = undefined
})
afterAll(() => billing.close())

/**
 * From its n-th request to Stripe on the process is gone: that request arrives or not, and none after it does, which also
 * ends what it would have written then. Returns whether it got that far.
 */
async function dieAt(
  n: number,
  when: 'before' | 'after',
  work: () => Promise<unknown>,
): Promise<boolean> {
  let requests = 0
  billing.stripe.faults.onRequest = () => {
    requests += 1
    if (requests < n) return null
    return { kind: 'cut', when: requests === n ? when : 'before' }
  }
  await work().catch(() => undefined)
  billing.stripe.faults.onRequest = undefined
  return requests >= n
}

test.each(['before', 'after'] as const)(
  'dying %s any request of the purchase, and of the sync that grants it: one session, one grant',
  async (when) => {
    for (let n = 1; ; n += 1) {
      const userId = await addUser(billing.ctx)
      const buy = () => buyPack(billing.ctx, { userId, pack: 'tokens1m' })
      const diedBuying = await dieAt(n, when, buy)
      const { url } = await buy()
      const { sessions } = await stripeSide(billing.ctx, userId)
      expect(sessions.filter(({ status }) => status === 'open')).toHaveLength(1)
      await payWith(GOOD_CARD, url)

      const diedSyncing = await dieAt(n, when, () => syncBilling(billing.ctx, { userId }))
      await Promise.all([
        syncBilling(billing.another(), { userId }),
        syncBilling(billing.ctx, { userId }),
      ])
      expect(await grantsOf(billing.ctx, userId)).toMatchObject([{ amount: 1_000_000 }])
      if (!diedBuying && !diedSyncing) break
    }
    const { drift } = await reconcile(billing.ctx, { dryRun: true })
    expect(drift.filter(({ kind }) => kind.startsWith('grant'))).toEqual([])
  },
)
