/** Triggers of Stripe's command line that the emulator does not support, by what it lacks. */
export const unsupported: Readonly<Record<string, readonly string[]>> = {
  'Connect: accounts of others, transfers': [
    'account.application.deauthorized',
    'account.updated',
    'transfer.created',
    'transfer.reversed',
    'transfer.updated',
  ],
  "the account's own money: balance, payouts, top-ups": [
    'balance.available',
    'payout.created',
    'payout.updated',
    'topup.created',
  ],
  'payment methods other than cards: bank transfers, direct debit': [
    'cash_balance.funds_available',
    'checkout.session.async_payment_failed',
    'checkout.session.async_payment_succeeded',
    'customer_cash_balance_transaction.created',
    'payment_intent.partially_funded',
    'payment_intent.processing',
  ],
  identity: [
    'identity.verification_session.canceled',
    'identity.verification_session.created',
    'identity.verification_session.redacted',
  ],
  issuing: [
    'issuing_authorization.request',
    'issuing_authorization.request.eu',
    'issuing_authorization.request.gb',
    'issuing_card.created',
    'issuing_card.created.eu',
    'issuing_card.created.gb',
    'issuing_cardholder.created',
    'issuing_cardholder.created.eu',
    'issuing_cardholder.created.gb',
    'issuing_transaction.created',
    'issuing_transaction.purchase_details_receipt_updated',
    'issuing_transaction.updated',
  ],
  'payment links': ['payment_link.created', 'payment_link.updated'],
  quotes: ['quote.accepted', 'quote.canceled', 'quote.created', 'quote.finalized'],
  reports: ['reporting.report_run.succeeded'],
  'the address of the meter event stream: these scripts send to meter-events.stripe.com, whatever --api-base says':
    ['v1.billing.meter.error_report_triggered', 'v1.billing.meter.no_meter_found'],
}

const BEFORE_BASIL = {
  apiVersion: '2025-02-24.acacia',
  why: 'the script sets `coupon` on a customer; 2025-03-31 removed it',
}
const BEFORE_CLOVER = {
  apiVersion: '2025-08-27.basil',
  why: 'the script names the `coupon` of a promotion code directly; 2025-09-30 moved it into `promotion`',
}

/** Triggers whose script was written for an older API version: they work on an account with that version, as on Stripe. */
export const olderVersions: Readonly<Record<string, { apiVersion: string; why: string }>> = {
  'customer.discount.created': BEFORE_BASIL,
  'customer.discount.deleted': BEFORE_BASIL,
  'customer.discount.updated': BEFORE_BASIL,
  'promotion_code.created': BEFORE_CLOVER,
  'promotion_code.updated': BEFORE_CLOVER,
}

/** Triggers that succeed and whose name is not the type of the event that they cause. */
export const eventTypes: Readonly<Record<string, { type: string; why: string }>> = {
  'subscription.payment_failed': {
    type: 'invoice.payment_failed',
    why: 'the name of a script, not of a type',
  },
  'subscription.payment_succeeded': {
    type: 'invoice.payment_succeeded',
    why: 'the name of a script, not of a type',
  },
  'subscription_schedule.aborted': {
    type: 'subscription_schedule.canceled',
    why: 'the script cancels a schedule; by the types of the stripe package a schedule is aborted when its subscription ends unpaid',
  },
  'subscription_schedule.expiring': {
    type: 'test_helpers.test_clock.ready',
    why: 'the script stops nine days before the end; by the types the event comes seven days before',
  },
}
