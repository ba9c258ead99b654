import type { Context } from '../../../core/context.ts'
import { digits, paymentId } from '../../../core/ids.ts'
import type {
  BalanceTransaction,
  Charge,
  PaymentIntent,
  PaymentMethod,
} from '../../../documents.ts'
import { scheduleBalanceTransaction } from '../../events/reminders.ts'
import type { Decline } from '../methods/test-cards.ts'

const DAY = 86_400
/** How long an uncaptured authorization of a card is valid (recorded). */
const AUTHORIZATION_SECONDS = 7 * DAY

/** Creates the balance transaction of a charge, with the fee. */
export function createBalanceTransaction(
  ctx: Context,
  charge: string,
  intent: Pick<PaymentIntent, 'amount' | 'currency' | 'description'>,
): BalanceTransaction {
  const fee = feeOf(intent.amount)
  const detail = {
    amount: fee,
    application: null,
    currency: intent.currency,
    description: 'Stripe processing fees',
    type: 'stripe_fee',
  }
  return ctx.store.put('balance_transactions', {
    ...transactionOf(ctx, charge, intent),
    fee,
    fee_details: [detail],
    net: intent.amount - fee,
    reporting_category: 'charge',
    type: 'charge',
  })
}

/** Adds the balance transaction to a charge that was captured asynchronously. */
export function settleAsyncCapture(ctx: Context, id: string): void {
  const before = ctx.store.get('charges', id)
  if (before === undefined || before.balance_transaction !== null) return
  const { amount_captured: amount } = before
  const transaction = createBalanceTransaction(ctx, id, { ...before, amount })
  const after = ctx.patch('charges', id, { balance_transaction: transaction.id })
  ctx.emit('charge.updated', after, { balance_transaction: null })
}

/** Creates the balance transaction of a refund; Stripe returns no fee. */
export function createRefundTransaction(
  ctx: Context,
  refund: string,
  of: Pick<Charge, 'amount' | 'currency' | 'description'>,
): BalanceTransaction {
  const amount = 0 - of.amount
  return ctx.store.put('balance_transactions', {
    ...transactionOf(ctx, refund, { ...of, amount }),
    description:
      of.description === null ? 'REFUND FOR CHARGE' : `REFUND FOR CHARGE (${of.description})`,
    fee: 0,
    fee_details: [],
    net: amount,
    reporting_category: 'refund',
    type: 'refund',
  })
}

function transactionOf(
  ctx: Context,
  source: string,
  of: Pick<Charge, 'amount' | 'currency' | 'description'>,
) {
  return {
    id: paymentId('txn'),
    object: 'balance_transaction',
    amount: of.amount,
    // Seven days later, at the start of the day (recorded).
    available_on: Math.floor(ctx.now / DAY) * DAY + 7 * DAY,
    balance_type: 'payments',
    created: ctx.now,
    currency: of.currency,
    description: of.description,
    exchange_rate: null,
    source,
    status: 'pending',
  } as const
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
  const isAsync = intent.capture_method === 'automatic_async'
  const balance = captured && !isAsync ? createBalanceTransaction(ctx, id, intent).id : null
  const charge = ctx.store.put('charges', {
    ...DEFAULTS,
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: captured ? intent.amount : 0,
    balance_transaction: balance,
    billing_details: method.billing_details,
    captured,
    created: ctx.now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    metadata: intent.metadata,
    outcome: outcomeOf(decline),
    paid: ok,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: {
      card: {
        ...cardDetails(intent.amount, method),
        ...(ok && !captured && { capture_before: ctx.now + AUTHORIZATION_SECONDS }),
      },
      type: 'card',
    },
    receipt_email: intent.receipt_email,
    receipt_url: ok ? `${ctx.settings.baseUrl}/receipts/${id}` : null,
    shipping: intent.shipping,
    statement_descriptor: intent.statement_descriptor,
    status: ok ? 'succeeded' : 'failed',
  })
  ctx.emit(ok ? 'charge.succeeded' : 'charge.failed', charge)
  if (captured && isAsync) scheduleBalanceTransaction(ctx, id)
  return charge
}

function outcomeOf(decline: Decline | null): NonNullable<Charge['outcome']> {
  const refused = decline !== null
  return {
    advice_code: refused ? 'try_again_later' : null,
    network_advice_code: null,
    network_decline_code: refused ? '01' : null,
    network_status: refused ? 'declined_by_network' : 'approved_by_network',
    reason: decline?.declineCode ?? null,
    risk_level: 'normal',
    risk_score: 28,
    seller_message: refused
      ? 'The bank did not return any further details with this decline.'
      : 'Payment complete.',
    type: refused ? 'issuer_declined' : 'authorized',
  }
}

type CardDetails = NonNullable<NonNullable<Charge['payment_method_details']>['card']>

function cardDetails(amount: number, method: PaymentMethod): CardDetails {
  const { card } = method
  if (card === undefined) throw new Error(`${method.id} is not a card`)
  return {
    amount_authorized: amount,
    authorization_code: digits(6),
    brand: card.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
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
