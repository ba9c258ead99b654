import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Dispute } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { email } from '../../../http/params/formats.ts'
import { inRange, listFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  boolean,
  emptyable,
  oneOfWorking,
  text,
  textUpTo,
  unsupportedParams,
} from '../../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../../http/params/shape.ts'
import { scheduleDecision } from '../../events/reminders.ts'
import { close, decisionOf } from './decide-dispute.ts'
import { changeDispute, isClosed, isInquiry, requireDispute } from './dispute.ts'

const words = emptyable(textUpTo(20_000))
const MOST_CHARACTERS = 150_000

/** The evidence that is text; files are not emulated. */
const evidenceParam = shape({
  ...unsupportedParams(
    'appeal',
    'cancellation_policy',
    'customer_communication',
    'customer_signature',
    'duplicate_charge_documentation',
    'enhanced_evidence',
    'receipt',
    'refund_policy',
    'service_documentation',
    'shipping_documentation',
    'uncategorized_file',
  ),
  access_activity_log: words,
  billing_address: words,
  cancellation_policy_disclosure: words,
  cancellation_rebuttal: words,
  customer_email_address: emptyable(email),
  customer_name: words,
  customer_purchase_ip: words,
  duplicate_charge_explanation: words,
  duplicate_charge_id: words,
  product_description: words,
  refund_policy_disclosure: words,
  refund_refusal_explanation: words,
  service_date: words,
  shipping_address: words,
  shipping_carrier: words,
  shipping_date: words,
  shipping_tracking_number: words,
  uncategorized_text: words,
})

const updateParams = shape({
  evidence: evidenceParam,
  intended_submission_method: oneOfWorking({
    working: ['manual', 'prefer_manual'],
    gaps: ['prefer_smart_disputes', 'smart_disputes'],
  }),
  metadata,
  submit: boolean,
})

const listParams = shape({ ...listFields, charge: text, payment_intent: text })

export const disputeEndpoints = [
  endpoint('GET /v1/disputes', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/disputes/:id', shape({}), (ctx, { id }) => requireDispute(ctx, id)),
  endpoint('POST /v1/disputes/:id', updateParams, (ctx, { id, params }) => update(ctx, id, params)),
  endpoint('POST /v1/disputes/:id/close', shape({}), (ctx, { id }) => {
    const dispute = requireOpen(requireDispute(ctx, id))
    return close(ctx, dispute, isInquiry(dispute) ? 'warning_closed' : 'lost')
  }),
]

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const { charge, payment_intent: intent } = params
  const found = ctx.store
    .newest('disputes')
    .filter(
      (doc) =>
        (charge === undefined || doc.charge === charge) &&
        (intent === undefined || doc.payment_intent === intent) &&
        inRange(doc.created, params.created),
    )
  return listPage(found, params, '/v1/disputes')
}

function requireOpen(dispute: Dispute): Dispute {
  if (isClosed(dispute)) throw invalidRequest('This dispute is already closed')
  return dispute
}

/**
 * Changes evidence and metadata. Unless `submit` is false, the evidence goes to the bank, once; the bank decides by its
 * text before the next request.
 */
function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): Dispute {
  const before = requireOpen(requireDispute(ctx, id))
  const evidence = { ...before.evidence, ...params.evidence }
  const texts = Object.values(evidence).filter((value) => typeof value === 'string')
  if (texts.join('').length > MOST_CHARACTERS) {
    throw invalidRequest(`The evidence may have up to ${MOST_CHARACTERS} characters in total.`, {
      param: 'evidence',
    })
  }
  const hasEvidence = before.evidence_details.has_evidence || params.evidence !== undefined
  const submits = hasEvidence && params.submit !== false
  const { evidence_details: details, intended_submission_method: method } = before
  const after = changeDispute(ctx, before, {
    evidence,
    evidence_details: {
      ...details,
      has_evidence: hasEvidence,
      ...(submits ? submitted(ctx, details) : {}),
    },
    intended_submission_method: params.intended_submission_method ?? method,
    metadata: changeMetadata(before.metadata, params.metadata),
    ...(submits ? { status: isInquiry(before) ? 'warning_under_review' : 'under_review' } : {}),
  })
  if (submits && decisionOf(after) !== null) scheduleDecision(ctx, after)
  return after
}

/** The details after a submission. */
function submitted(ctx: Context, details: Dispute['evidence_details']) {
  return {
    past_due: (details.due_by ?? 0) < ctx.now,
    submission_count: details.submission_count + 1,
    submission_method: 'manual',
  }
}
