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
  'coupons and discounts': [
    'coupon.created',
    'coupon.deleted',
    'coupon.updated',
    'customer.discount.created',
    'customer.discount.deleted',
    'customer.discount.updated',
    'promotion_code.created',
    'promotion_code.updated',
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
  meters: ['v1.billing.meter.error_report_triggered', 'v1.billing.meter.no_meter_found'],
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
