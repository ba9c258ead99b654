import { noSuch } from '../../../core/errors.ts'
import type { Dispute } from '../../../documents.ts'
import type { Decision } from '../../../resources/payments/disputes/decide-dispute.ts'
import { decideDispute } from '../../../resources/payments/disputes/decide-dispute.ts'
import { requireDispute } from '../../../resources/payments/disputes/dispute.ts'
import { openDispute } from '../../../resources/payments/disputes/open-dispute.ts'
import { boolean, integer, oneOf, required, text } from '../../params/param.ts'
import { shape } from '../../params/shape.ts'
import { scenario } from './scenario.ts'

const dispute = scenario(
  'dispute',
  {
    summary: 'Opens a dispute of a charge, as the bank of its card would',
    takes: 'charge, reason (fraudulent), amount (in the minor unit), inquiry',
    params: shape({
      charge: required(text),
      reason: text,
      amount: integer({ min: 1 }),
      inquiry: boolean,
    }),
  },
  ({ engine }, { charge: id, reason = 'fraudulent', amount, inquiry = false }): Dispute =>
    engine.transact((ctx) => {
      const charge = ctx.store.get('charges', id)
      if (charge?.captured !== true) throw noSuch('captured charge', id, 'charge')
      return openDispute(ctx, charge, { reason, amount, inquiry })
    }),
)

const decision = oneOf<Decision>('won', 'lost', 'escalated')

const decide = scenario(
  'decide_dispute',
  {
    summary: 'Decides a dispute, as the bank would',
    takes: 'dispute, decision: won, lost or escalated (of an inquiry)',
    params: shape({ dispute: required(text), decision: required(decision) }),
  },
  ({ engine }, { dispute: id, decision: wanted }): Dispute =>
    engine.transact((ctx) => decideDispute(ctx, requireDispute(ctx, id, 'dispute'), wanted)),
)

/** The scenarios of disputes. */
export const disputeScenarios = [dispute, decide]
