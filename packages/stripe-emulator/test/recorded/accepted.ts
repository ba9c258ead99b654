import type { Accepted, Kind } from './differences.ts'

/**
 * The differences between the recordings (clover, dahlia) and the pinned version (2026-10-28.endive), from the
 * package's CHANGELOG, and those between the recorded account and the emulator's.
 */
const newer = (object: string, field: string, why: string): Accepted => ({
  object,
  field,
  kind: 'extra',
  why,
})

const OTHER_METHODS = 'the recorded account takes other payment methods too; ours takes cards'

const sinceRecorded: readonly Accepted[] = [
  newer('customer', 'customer_account', 'stripe 20.1.0: Add support for `customer_account`'),
  newer('subscription', 'customer_account', 'stripe 20.1.0: Add support for `customer_account`'),
  newer('invoice', 'customer_account', 'stripe 20.1.0: Add support for `customer_account`'),
  newer('payment_method', 'customer_account', 'stripe 20.1.0: Add support for `customer_account`'),
  newer('payment_intent', 'customer_account', 'stripe 20.1.0: Add support for `customer_account`'),
  newer(
    'line_item',
    'quantity_decimal',
    'stripe 21.0.0: Add support for `quantity_decimal`; recorded with dahlia',
  ),
  newer('line_item', 'subtotal', 'stripe 20.1.0: Add support for `subtotal`'),
  newer(
    'line_item',
    'subscription',
    'required by the types of 23.1.0, though the recordings lack it',
  ),
  newer(
    'checkout.session',
    'managed_payments',
    'stripe 22.1.0: Add support for `managed_payments`',
  ),
  newer('payment_intent', 'managed_payments', 'stripe 22.1.0: Add support for `managed_payments`'),
  newer('subscription', 'managed_payments', 'stripe 22.1.0: Add support for `managed_payments`'),
  newer('subscription', 'billing_schedules', 'stripe 22.2.0: Add support for `billing_schedules`'),
  newer(
    'charge',
    'payment_method_details.card.transaction_link_id',
    'stripe 22.3.0: Add support for `transaction_link_id`',
  ),
  newer(
    'payment_intent',
    'allowed_payment_method_types',
    'stripe 22.6.0: Change `allowed_payment_method_types` to be required',
  ),
  newer(
    'subscription',
    'cancellation_details.feedback_option',
    'stripe 22.6.0: Add support for `feedback_option`',
  ),
  newer(
    'charge',
    'payment_method_details.card.electronic_commerce_indicator',
    'stripe 23.0.0: Add support for `electronic_commerce_indicator`',
  ),
  newer(
    'checkout.session',
    'allowed_payment_method_types',
    'stripe 23.0.0: Checkout `payment_method_types` is `allowed_payment_method_types`',
  ),
  newer('payment_intent', 'payment_record', 'stripe 23.0.0: Add support for `payment_record`'),
  newer(
    'subscription',
    'trial_settings.end_behavior.billing_cycle_anchor',
    'stripe 23.0.0: Add support for `billing_cycle_anchor`',
  ),
  newer('subscription_item', 'current_trial', 'stripe 23.0.0: Add support for `current_trial`'),
  newer(
    'subscription',
    'invoice_settings.custom_fields',
    'stripe 22.3.0: Add support for `custom_fields`, `description`, and `footer`',
  ),
  newer(
    'subscription',
    'invoice_settings.description',
    'stripe 22.3.0: Add support for `custom_fields`, `description`, and `footer`',
  ),
  newer(
    'subscription',
    'invoice_settings.footer',
    'stripe 22.3.0: Add support for `custom_fields`, `description`, and `footer`',
  ),
  newer(
    'invoiceitem',
    'net_amount',
    'required by the types of 23.1.0, though the recordings lack it',
  ),
  newer('setup_intent', 'customer_account', 'stripe 20.1.0: Add support for `customer_account`'),
  newer('setup_intent', 'managed_payments', 'stripe 22.1.0: Add support for `managed_payments`'),
  newer(
    'setup_intent',
    'allowed_payment_method_types',
    'stripe 22.6.0: Change `allowed_payment_method_types` to be required',
  ),
  newer('refund', 'customer', 'stripe 22.4.0: Add support for `customer`'),
  newer('refund', 'customer_account', 'stripe 22.4.0: Add support for `customer_account`'),
  newer('refund', 'payment_method', 'stripe 22.4.0: Add support for `payment_method`'),
  newer('credit_note', 'customer_account', 'stripe 20.1.0: Add support for `customer_account`'),
  newer('credit_note_line_item', 'metadata', 'stripe 21.0.0: Add support for `metadata`'),
  newer('discount', 'customer_account', 'stripe 20.1.0: Add support for `customer_account`'),
  newer('invoiceitem', 'customer_account', 'stripe 20.1.0: Add support for `customer_account`'),
  newer('invoiceitem', 'quantity_decimal', 'stripe 21.0.0: Add support for `quantity_decimal`'),
  newer('payment_intent', 'payment_details', 'stripe 19.2.0: Add support for `payment_details`'),
]

const other =
  (why: string, kinds: readonly Kind[]) =>
  (object: string, ...fields: string[]): Accepted[] =>
    fields.flatMap((field) => kinds.map((kind) => ({ object, field, kind, why })))

const random = other('random', ['value'])
const account = other('the recorded account is another one', ['value', 'type'])
const methods = other(OTHER_METHODS, ['missing', 'type', 'length'])
const noScript = other('there is no Stripe.js: the step is a page', ['value', 'missing', 'extra'])
const byCommandLine = other(
  "Stripe's command line confirms it without a return URL, which the default would require",
  ['type'],
)
const timing = other('Stripe adds it a moment after the capture', ['type'])

/** The differences that have nothing to do with the version: another account, and what is random. */
const always: readonly Accepted[] = [
  ...random('credit_note', 'number'),
  ...random('customer', 'invoice_prefix'),
  ...random('invoice', 'number', 'receipt_number'),
  ...random('payment_method', 'card.fingerprint'),
  ...random(
    'charge',
    'outcome.risk_score',
    'payment_method_details.card.authorization_code',
    'payment_method_details.card.fingerprint',
    'payment_method_details.card.network_transaction_id',
    'receipt_number',
  ),
  ...account('charge', 'application', 'calculated_statement_descriptor'),
  ...account('checkout.session', 'branding_settings.display_name'),
  ...account('coupon', 'created', 'times_redeemed'),
  ...account('invoice', 'account_name'),
  ...account('plan', 'created'),
  ...account('price', 'created'),
  ...methods('checkout.session', 'payment_method_types', 'payment_method_options.*'),
  ...methods('payment_intent', 'payment_method_types', 'payment_method_options.*'),
  ...methods('setup_intent', 'payment_method_types', 'payment_method_options.*'),
  ...noScript('payment_intent', 'next_action.use_stripe_sdk.*'),
  ...byCommandLine(
    'setup_intent',
    'automatic_payment_methods',
    'payment_method_configuration_details',
  ),
  ...timing('charge', 'balance_transaction'),
]

/** The accepted differences of a recording in clover or dahlia. */
export const accepted: readonly Accepted[] = [...sinceRecorded, ...always]

const later = other('Stripe changed it in all versions, after the recording', [
  'value',
  'type',
  'missing',
])

/** Those of a recording in an older version. What is extra is no difference: Stripe adds fields to all versions. */
export const acceptedInOlder: readonly Accepted[] = [
  ...always,
  ...later('charge', 'payment_method_details.card.authorization_code'),
  ...later('charge', 'payment_method_details.card.checks.cvc_check'),
  ...later('payment_method', 'card.checks.cvc_check', 'card.three_d_secure_usage.supported'),
  ...later('invoice', 'webhooks_delivered_at'),
  ...later('payment_intent', 'setup_future_usage', 'amount_details.tip.amount'),
  ...later('customer', 'default_currency'),
  ...other('the product had no unit label then', ['value'])('line_item', 'description'),
  ...account('price', 'tax_behavior'),
]
