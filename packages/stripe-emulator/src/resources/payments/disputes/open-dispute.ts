import type { Context } from '../../../core/context.ts'
import { longId } from '../../../core/ids.ts'
import type { Charge, Dispute } from '../../../documents.ts'
import { testCardByNumber } from '../methods/cards/test-cards.ts'
import { markDisputed, withdrawFunds } from './dispute.ts'

const DAY = 86_400
/** The deadline: the end of the eighth day, as in the one dispute whose dates are public. */
const DAYS_TO_RESPOND = 9

const BLANK_EVIDENCE: Dispute['evidence'] = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
}

/** The code of a card network for a reason: Visa's, as recorded; other networks have no code here. */
const VISA_CODES: Readonly<Record<string, string>> = {
  fraudulent: '10.4',
  product_not_received: '13.1',
}

/** Why a charge is disputed. */
export interface DisputeOrder {
  reason: string
  /** The bank only asks; no money is withdrawn unless it escalates. */
  inquiry: boolean
  /** Part of the captured amount; by default all of it. */
  amount?: number | undefined
}

/** Opens the disputes that a test card causes once its charge is captured. */
export function openDisputes(ctx: Context, charge: Charge): void {
  const card = ctx.store.get('cards', charge.payment_method ?? '')
  const { disputes = [] } = testCardByNumber(card?.number ?? '')
  for (const order of disputes) openDispute(ctx, charge, order)
}

/** Opens a dispute of a captured charge, and withdraws its amount unless it is an inquiry. */
export function openDispute(ctx: Context, charge: Charge, order: DisputeOrder): Dispute {
  const amount = order.amount ?? charge.amount_captured
  const put = ctx.store.put('disputes', {
    id: longId('du'),
    object: 'dispute',
    amount,
    balance_transactions: [],
    charge: charge.id,
    created: ctx.now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: { ...BLANK_EVIDENCE, ...customerOf(ctx, charge) },
    evidence_details: {
      due_by: ctx.now - (ctx.now % DAY) + DAYS_TO_RESPOND * DAY - 1,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: order.inquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: { card: networkOf(charge, order), type: 'card' },
    reason: order.reason,
    status: order.inquiry ? 'warning_needs_response' : 'needs_response',
  })
  const dispute = order.inquiry ? put : withdrawFunds(ctx, put)
  markDisputed(ctx, charge, dispute)
  ctx.emit('charge.dispute.created', dispute)
  if (!order.inquiry) ctx.emit('charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** What Stripe knows of the customer is evidence from the start. */
function customerOf(ctx: Context, { billing_details: billing, customer: id }: Charge) {
  const customer = ctx.store.get('customers', id ?? '')
  return {
    customer_email_address: billing.email ?? customer?.email ?? null,
    customer_name: billing.name ?? customer?.name ?? null,
  }
}

function networkOf(charge: Charge, { reason, inquiry }: DisputeOrder) {
  const brand = charge.payment_method_details?.card?.brand ?? 'unknown'
  const code = brand === 'visa' ? (VISA_CODES[reason] ?? null) : null
  return {
    brand,
    case_type: inquiry ? 'inquiry' : 'chargeback',
    network: brand,
    network_reason_code: inquiry && code !== null ? (code.split('.')[0] ?? null) : code,
  }
}
