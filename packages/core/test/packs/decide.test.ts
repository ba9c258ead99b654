import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PackChange, PackPayment, PaidGrant } from '../../src/packs/index.ts'
import { packChanges } from '../../src/packs/index.ts'

const PRICE = 1_500

/** All that can happen to the payment of one checkout, as Stripe would have it after each. */
type Step =
  | { what: 'paid' }
  | { what: 'refunded'; amount: number }
  | { what: 'refund failed' }
  | { what: 'dispute'; status: string }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant({ what: 'paid' } as const),
  fc.record({ what: fc.constant('refunded' as const), amount: fc.integer({ min: 1, max: PRICE }) }),
  fc.constant({ what: 'refund failed' } as const),
  fc.record({
    what: fc.constant('dispute' as const),
    status: fc.constantFrom(
      'needs_response',
      'under_review',
      'won',
      'lost',
      'warning_needs_response',
      'prevented',
    ),
  }),
)

const order = { pack: 'p', meter: 'm', amount: 10, quantity: 1, expiresAfterDays: null }
const before: PackPayment = {
  sessionId: 'cs_1',
  paymentIntentId: 'pi_1',
  order,
  isPaid: false,
  amountPaid: 0,
  amountRefunded: 0,
  disputes: [],
}

function after(payment: PackPayment, next: Step): PackPayment {
  switch (next.what) {
    case 'paid':
      return { ...payment, isPaid: true, amountPaid: PRICE }
    case 'refunded': {
      const amountRefunded = Math.min(payment.amountPaid, payment.amountRefunded + next.amount)
      return { ...payment, amountRefunded }
    }
    case 'refund failed':
      return { ...payment, amountRefunded: 0 }
    case 'dispute':
      return payment.isPaid ? { ...payment, disputes: [next.status] } : payment
  }
}

/** As the store applies them. */
function apply(grants: readonly PaidGrant[], changes: readonly PackChange[]): PaidGrant[] {
  const updated = grants.map((grant) => {
    const change = changes.find((each) => each.payment.sessionId === grant.sessionId)
    if (change?.kind !== 'update') return grant
    const { isTakenBack } = change.after
    const isRevoked = grant.isTakenBack || isTakenBack ? isTakenBack : grant.isRevoked
    return { ...grant, ...change.after, isRevoked }
  })
  const added = changes.flatMap((change): PaidGrant[] => {
    if (change.kind !== 'grant') return []
    const { payment, isFrozen, disputeStatus } = change
    const { sessionId, amountRefunded } = payment
    const meter = payment.order.meter
    return [
      {
        sessionId,
        userId: 'u',
        meter,
        isFrozen,
        isRevoked: false,
        isTakenBack: false,
        amountRefunded,
        disputeStatus,
      },
    ]
  })
  return [...updated, ...added]
}

const usable = (grants: readonly PaidGrant[]) =>
  grants.filter(({ isFrozen, isRevoked }) => !isFrozen && !isRevoked).length

/** What the contract says, in other words than the code. */
function shouldBeUsable({ isPaid, amountPaid, amountRefunded, disputes }: PackPayment): number {
  const isGone = amountRefunded === amountPaid || disputes.includes('lost')
  const isOpen = disputes.includes('needs_response') || disputes.includes('under_review')
  return isPaid && !isGone && !isOpen ? 1 : 0
}

test('whatever happens, and however much of it is seen late or never, the credits are usable as Stripe’s last state says, and granted once', () => {
  const story = fc.array(fc.record({ step, isSeen: fc.boolean() }), { maxLength: 12 })
  fc.assert(
    fc.property(story, (steps) => {
      let payment = before
      let grants: PaidGrant[] = []
      for (const { step: next, isSeen } of [
        ...steps,
        { step: { what: 'paid' } as const, isSeen: true },
      ]) {
        payment = after(payment, next)
        // A sync sees Stripe as it is at that moment, whichever event made it run.
        if (isSeen) grants = apply(grants, packChanges([payment], grants))
        expect(grants.length).toBeLessThanOrEqual(1)
      }
      expect(usable(grants)).toBe(shouldBeUsable(payment))
      expect(packChanges([payment], grants)).toEqual([])
    }),
    { numRuns: 2_000 },
  )
})

test('what an admin has revoked stays revoked, whatever happens to its payment', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      let payment = after(before, { what: 'paid' })
      let grants = apply([], packChanges([payment], [])).map((grant) => ({
        ...grant,
        isRevoked: true,
      }))
      for (const next of steps) {
        payment = after(payment, next)
        grants = apply(grants, packChanges([payment], grants))
      }
      expect(usable(grants)).toBe(0)
      expect(grants).toMatchObject([{ isRevoked: true, isTakenBack: false }])
    }),
  )
})
