import type { Context } from '../../../core/context.ts'
import { digits, paymentId } from '../../../core/ids.ts'
import type {
  BalanceTransaction,
  Charge,
  PaymentIntent,
  PaymentMethod,
} from '../../../documents.ts'
import { scheduleSettlement } from '../../events/reminders.ts'
import type { Decline } from '../methods/cards/declines.ts'
import type { TestCard } from '../methods/cards/test-cards.ts'
import { testCardByNumber } from '../methods/cards/test-cards.ts'
import { checksOf } from '../methods/payment-method.ts'
import { recordMovement } from './balance-transaction.ts'

/** Records a captured amount in the balance, less Stripe's fee. */
export function recordCharge(ctx: Context, charge: Charge): BalanceTransaction {
  const amount = charge.amount_captured
  return recordMovement(ctx, {
    type: 'charge',
    category: 'charge',
    amount,
    currency: charge.currency,
    description: charge.description,
    source: charge.id,
    fee: { amount: feeOf(amount), description: 'Stripe processing fees' },
    atOnce: cardOf(ctx, charge.payment_method).bypassesPending === true,
  })
}

function cardOf(ctx: Context, method: string | null): TestCard {
  return testCardByNumber(ctx.store.get('cards', method ?? '')?.number ?? '')
}

function feeOf(amount: number): number {
  return Math.round(amount * 0.029) + 30
}

/** Fields of a charge that keep their defaults in the emulator. */
const DEFAULTS = {
  amount_refunded: 0,
  application: null,
  application_fee: null,
  application_fee_amount: null,
  calculated_statement_descriptor: 'LOCAL STRIPE',
  destination: null,
  dispute: null,
  disputed: false,
  failure_balance_transaction: null,
  fraud_details: {},
  livemode: false,
  on_behalf_of: null,
  order: null,
  radar_options: {},
  receipt_email: null,
  receipt_number: null,
  refunded: false,
  review: null,
  shipping: null,
  source: null,
  source_transfer: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  transfer_data: null,
  transfer_group: null,
} satisfies Partial<Charge>

/**
 * Creates the charge of a payment attempt: succeeded, or failed with the reason of `decline`. With
 * `capture_method: manual` the amount is only authorized until it is captured.
 */
export function createCharge(
  ctx: Context,
  intent: PaymentIntent,
  attempt: { method: PaymentMethod; decline: Decline | null },
): Charge {
  const { method, decline } = attempt
  const id = paymentId('ch')
  const ok = decline === null
  const captured = ok && intent.capture_method !== 'manual'
  const risk = cardOf(ctx, method.id).risk ?? 'normal'
  const charge = ctx.store.put('charges', {
    ...DEFAULTS,
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: captured ? intent.amount : 0,
    balance_transaction: null,
    billing_details: method.billing_details,
    captured,
    created: ctx.now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    metadata: intent.metadata,
    outcome: outcomeOf(decline, risk),
    paid: ok,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: {
      card: cardDetails(intent, { method, checks: checksOf(ctx, method), ok, at: ctx.now }),
      type: 'card',
    },
    receipt_email: intent.receipt_email,
    receipt_url: ok ? `${ctx.settings.baseUrl}/receipts/${id}` : null,
    shipping: intent.shipping,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: ok ? 'succeeded' : 'failed',
  })
  const shown = captured ? settled(ctx, charge, intent) : charge
  ctx.emit(ok ? 'charge.succeeded' : 'charge.failed', shown)
  return shown
}

/** Records a captured charge in the balance; with `automatic_async` a moment later, before the next request. */
function settled(ctx: Context, charge: Charge, intent: PaymentIntent): Charge {
  if (intent.capture_method === 'automatic_async') {
    scheduleSettlement(ctx, charge)
    return charge
  }
  return ctx.patch('charges', charge.id, { balance_transaction: recordCharge(ctx, charge).id })
}

/** Records a charge in the balance that was captured asynchronously. */
export function settleCharge(ctx: Context, charge: Charge): void {
  if (charge.balance_transaction !== null) return
  const { id: balance_transaction } = recordCharge(ctx, charge)
  const after = ctx.patch('charges', charge.id, { balance_transaction })
  ctx.emit('charge.updated', after, { balance_transaction: null })
}

function outcomeOf(
  decline: Decline | null,
  risk: 'normal' | 'elevated' | 'highest',
): NonNullable<Charge['outcome']> {
  const base = {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    reason: null,
    risk_level: risk,
    risk_score: RISK_SCORES[risk],
  }
  if (decline === null) {
    const [reason, type] =
      risk === 'elevated' ? ['elevated_risk_level', 'manual_review'] : [null, 'authorized']
    const seller_message =
      risk === 'elevated'
        ? 'Stripe evaluated this payment as having elevated risk, and placed it in your manual review queue.'
        : 'Payment complete.'
    return {
      ...base,
      network_status: 'approved_by_network',
      reason,
      seller_message,
      type: String(type),
    }
  }
  if (decline.blocked === true) {
    return {
      ...base,
      network_status: 'not_sent_to_network',
      reason: 'highest_risk_level',
      seller_message: 'Stripe blocked this payment as too risky.',
      type: 'blocked',
    }
  }
  return {
    ...base,
    advice_code: 'try_again_later',
    network_decline_code: '01',
    network_status: 'declined_by_network',
    reason: decline.declineCode,
    seller_message: 'The bank did not return any further details with this decline.',
    type: 'issuer_declined',
  }
}

const RISK_SCORES = { normal: 28, elevated: 67, highest: 95 } as const

type CardDetails = NonNullable<NonNullable<Charge['payment_method_details']>['card']>

const HELD_SECONDS = 7 * 86_400

function cardDetails(
  { amount, capture_method: capture }: PaymentIntent,
  of: { method: PaymentMethod; checks: CardDetails['checks']; ok: boolean; at: number },
): CardDetails {
  const { method } = of
  const { card } = method
  if (card === undefined) throw new Error(`${method.id} is not a card`)
  return {
    amount_authorized: of.ok ? amount : null,
    authorization_code: digits(6),
    brand: card.brand,
    ...(of.ok && capture === 'manual' ? { capture_before: of.at + HELD_SECONDS } : {}),
    checks: of.checks,
    country: card.country,
    electronic_commerce_indicator: null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    extended_authorization: { status: 'disabled' },
    fingerprint: card.fingerprint ?? null,
    funding: card.funding,
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    last4: card.last4,
    mandate: null,
    multicapture: { status: 'unavailable' },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: digits(15),
    overcapture: { maximum_amount_capturable: amount, status: 'unavailable' },
    regulated_status: 'unregulated',
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  }
}
