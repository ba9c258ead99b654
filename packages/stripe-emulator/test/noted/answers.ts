import { BILLING_NOTED } from './billing-answers.ts'
import { CATALOG_NOTED } from './catalog-answers.ts'
import type { NotedAnswer } from './noted-answer.ts'

const subscribe = (form: object = {}) =>
  ['subscriptions', { customer: '{customer}', items: [{ price: '{price}' }], ...form }] as const
const cancel = ['DELETE subscriptions/{it}', {}] as const
const draft = (form: object = {}) => ['invoices', { customer: '{customer}', ...form }] as const
const item = ['invoiceitems', { customer: '{customer}', amount: 1000, currency: 'usd' }] as const
const billed = [item, draft({ pending_invoice_items_behavior: 'include' })] as const
const open = [...billed, ['invoices/{it}/finalize', {}]] as const
const paid = [...billed, ['invoices/{it}/pay', {}]] as const
const intent = (form: object = {}) =>
  [
    'payment_intents',
    { amount: 3000, currency: 'usd', allowed_payment_method_types: ['card'], ...form },
  ] as const
const charged = intent({ customer: '{customer}', payment_method: '{card}', confirm: true })
const held = intent({
  customer: '{customer}',
  payment_method: '{card}',
  confirm: true,
  capture_method: 'manual',
})
const setup = (form: object = {}) =>
  ['setup_intents', { allowed_payment_method_types: ['card'], ...form }] as const

const NO_METHOD =
  'This customer has no attached payment source or default payment method. Please consider adding a default payment method.'

const SUBSCRIPTIONS: readonly NotedAnswer[] = [
  {
    about: 'a customer without a payment method',
    request: ['POST', 'subscriptions', { customer: '{poor}', items: [{ price: '{price}' }] }],
    status: 400,
    code: 'resource_missing',
    param: null,
    message: NO_METHOD,
  },
  {
    about: 'pending_if_incomplete at creation',
    request: [
      'POST',
      subscribe()[0],
      { ...subscribe()[1], payment_behavior: 'pending_if_incomplete' },
    ],
    status: 400,
    param: 'payment_behavior',
    message:
      'Setting `payment_behavior` to `pending_if_incomplete` has no effect when creating a subscription.',
  },
  {
    about: 'the same price twice',
    request: [
      'POST',
      'subscriptions',
      { customer: '{customer}', items: [{ price: '{price}' }, { price: '{price}' }] },
    ],
    status: 400,
    param: 'plan',
    message: 'Cannot create a Subscription with multiple Subscription Items with the same Price:',
  },
  {
    about: 'an unknown price',
    request: [
      'POST',
      'subscriptions',
      { customer: '{customer}', items: [{ price: 'price_nope' }] },
    ],
    status: 400,
    code: 'resource_missing',
    param: 'items[0][price]',
    message: "No such price: 'price_nope'",
  },
  {
    about: 'an unknown customer',
    request: ['POST', 'subscriptions', { customer: 'cus_nope', items: [{ price: '{price}' }] }],
    status: 404,
    code: 'resource_missing',
    param: 'customer',
    message: "No such customer: 'cus_nope'",
  },
  {
    about: 'no items',
    request: ['POST', 'subscriptions', { customer: '{customer}' }],
    status: 400,
    code: 'parameter_missing',
    param: 'items',
    message: 'Missing required param: items.',
  },
  {
    about: 'days_until_due when charged automatically',
    request: ['POST', 'subscriptions', { ...subscribe()[1], days_until_due: 5 }],
    status: 400,
    message:
      "You can only specify 'days_until_due' if invoice collection method is 'send_invoice'.",
  },
  {
    about: 'send_invoice without days_until_due',
    request: ['POST', 'subscriptions', { ...subscribe()[1], collection_method: 'send_invoice' }],
    status: 400,
    message: "If invoice collection method is 'send_invoice', you must specify 'days_until_due'.",
  },
  {
    about: 'a first invoice that is paid at once',
    request: ['POST', 'subscriptions', { ...subscribe()[1], expand: ['latest_invoice'] }],
    status: 200,
    body: {
      status: 'active',
      latest_invoice: { attempt_count: 1, attempted: true, auto_advance: false, status: 'paid' },
    },
  },
  {
    about: 'a trial',
    request: ['POST', 'subscriptions', { ...subscribe()[1], trial_period_days: 7 }],
    status: 200,
    body: { status: 'trialing' },
  },
  {
    about: 'an end of trial in the past',
    request: ['POST', 'subscriptions', { ...subscribe()[1], trial_end: 1_000_000_000 }],
    status: 400,
    param: 'trial_end',
  },
  {
    about: 'the end of a trial without a payment method, which makes an invoice',
    before: [
      [
        'subscriptions',
        { customer: '{poor}', items: [{ price: '{price}' }], trial_period_days: 7 },
      ],
    ],
    request: ['POST', 'subscriptions/{it}', { trial_end: 'now' }],
    status: 400,
    code: 'resource_missing',
    message: NO_METHOD,
  },
  ...(['pause', 'cancel'] as const).map(
    (missing): NotedAnswer => ({
      about: `the end of a trial without a payment method: ${missing}`,
      before: [
        [
          'subscriptions',
          {
            customer: '{poor}',
            items: [{ price: '{price}' }],
            trial_period_days: 7,
            trial_settings: { end_behavior: { missing_payment_method: missing } },
          },
        ],
      ],
      request: ['POST', 'subscriptions/{it}', { trial_end: 'now' }],
      status: 200,
      body: { status: missing === 'pause' ? 'paused' : 'canceled' },
    }),
  ),
  {
    about: 'the resumption of a subscription that is not paused',
    before: [subscribe()],
    request: ['POST', 'subscriptions/{it}/resume'],
    status: 400,
    message: 'You can only resume a subscription if it is `paused`.',
  },
  {
    about: 'a second cancellation',
    before: [subscribe(), cancel],
    request: ['DELETE', 'subscriptions/{it}'],
    status: 404,
    code: 'resource_missing',
    param: 'id',
    message: "No such subscription: '…'",
  },
  {
    about: 'the resumption of a canceled subscription',
    before: [subscribe(), cancel],
    request: ['POST', 'subscriptions/{it}/resume'],
    status: 404,
    code: 'resource_missing',
    param: 'id',
  },
  {
    about: 'an update of a canceled subscription',
    before: [subscribe(), cancel],
    request: ['POST', 'subscriptions/{it}', { description: 'x' }],
    status: 400,
    code: 'invalid_canceled_subscription_fields',
    message: 'A canceled subscription can only update its cancellation_details and metadata.',
  },
  {
    about: 'the metadata of a canceled subscription',
    before: [subscribe(), cancel],
    request: ['POST', 'subscriptions/{it}', { metadata: { a: 'b' } }],
    status: 200,
    body: { metadata: { a: 'b' } },
  },
  {
    about: 'a cancellation says who asked',
    before: [subscribe()],
    request: ['DELETE', 'subscriptions/{it}'],
    status: 200,
    body: { status: 'canceled', cancellation_details: { reason: 'cancellation_requested' } },
  },
  {
    about: 'a wrong payment_behavior',
    request: ['POST', 'subscriptions', { ...subscribe()[1], payment_behavior: 'nope' }],
    status: 400,
    param: 'payment_behavior',
    message: 'Invalid payment_behavior: must be one of',
  },
  {
    about: 'a wrong status of a list',
    request: ['GET', 'subscriptions', { status: 'nope' }],
    status: 400,
    param: 'status',
    message: 'Invalid status: must be one of',
  },
  {
    about: 'an unknown parameter',
    request: ['POST', 'subscriptions', { ...subscribe()[1], nope: 'x' }],
    status: 400,
    code: 'parameter_unknown',
    param: 'nope',
    message: 'Received unknown parameter: nope',
  },
  {
    about: 'an unknown subscription',
    request: ['GET', 'subscriptions/sub_nope'],
    status: 404,
    code: 'resource_missing',
    param: 'id',
    message: "No such subscription: 'sub_nope'",
  },
  {
    about: 'pause_collection is stored, and the status stays',
    before: [subscribe()],
    request: ['POST', 'subscriptions/{it}', { pause_collection: { behavior: 'void' } }],
    status: 200,
    body: { status: 'active', pause_collection: { behavior: 'void', resumes_at: null } },
  },
  {
    about: 'items without their subscription',
    request: ['GET', 'subscription_items'],
    status: 400,
    code: 'parameter_missing',
    param: 'subscription',
    message: 'Missing required param: subscription.',
  },
  {
    about: 'an unknown item',
    request: ['GET', 'subscription_items/si_nope'],
    status: 404,
    code: null,
    param: null,
    message: 'Invalid subscription_item id: si_nope',
  },
  {
    about: 'an item on a canceled subscription',
    before: [subscribe(), cancel],
    request: ['POST', 'subscription_items', { subscription: '{it}', price: '{other}' }],
    status: 404,
    code: 'resource_missing',
    param: 'subscription',
    message: "No such subscription: '…'",
  },
]

const INVOICES: readonly NotedAnswer[] = [
  {
    about: 'a manual invoice is a draft without the pending items',
    before: [item],
    request: ['POST', ...draft()],
    status: 200,
    body: {
      status: 'draft',
      billing_reason: 'manual',
      auto_advance: false,
      number: null,
      attempted: false,
      attempt_count: 0,
      lines: { data: [] },
    },
  },
  {
    about: 'a sent invoice without a due date',
    request: ['POST', 'invoices', { customer: '{customer}', collection_method: 'send_invoice' }],
    status: 400,
    code: null,
    param: null,
    message:
      "If invoice collection method is 'send_invoice', you must specify 'due_date' or 'days_until_due'.",
  },
  {
    about: 'days_until_due of an invoice that is charged',
    request: ['POST', 'invoices', { customer: '{customer}', days_until_due: 3 }],
    status: 400,
    code: null,
    param: null,
    message:
      "You can only specify 'due_date' or 'days_until_due' if invoice collection method is 'send_invoice'.",
  },
  {
    about: 'a payment of a draft finalizes and collects it',
    before: billed,
    request: ['POST', 'invoices/{it}/pay'],
    status: 200,
    body: { status: 'paid', attempt_count: 1, amount_paid: 1000 },
  },
  {
    about: 'a second payment',
    before: paid,
    request: ['POST', 'invoices/{it}/pay'],
    status: 400,
    code: null,
    message: 'Invoice is already paid',
  },
  {
    about: 'a payment out of band is no attempt',
    before: open,
    request: ['POST', 'invoices/{it}/pay', { paid_out_of_band: true }],
    status: 200,
    body: { status: 'paid', attempted: false },
  },
  {
    about: 'finalized, an invoice is not collected yet',
    before: billed,
    request: ['POST', 'invoices/{it}/finalize'],
    status: 200,
    body: { status: 'open', attempted: false, attempt_count: 0 },
  },
  {
    about: 'finalized with nothing due, it is paid at once',
    before: [draft()],
    request: ['POST', 'invoices/{it}/finalize'],
    status: 200,
    body: { status: 'paid', attempted: true, attempt_count: 0 },
  },
  {
    about: 'finalized twice',
    before: open,
    request: ['POST', 'invoices/{it}/finalize'],
    status: 400,
    code: null,
    message: "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
  },
  {
    about: 'a void draft',
    before: billed,
    request: ['POST', 'invoices/{it}/void'],
    status: 400,
    code: null,
    message: "You can only pass in open invoices. This invoice isn't open.",
  },
  {
    about: 'a void paid invoice',
    before: paid,
    request: ['POST', 'invoices/{it}/void'],
    status: 400,
    code: null,
    message: 'Invoices with `paid` payments cannot be voided.',
  },
  {
    about: 'void after uncollectible',
    before: [...open, ['invoices/{it}/mark_uncollectible', {}]],
    request: ['POST', 'invoices/{it}/void'],
    status: 400,
    message: "You can only pass in open invoices. This invoice isn't open.",
  },
  {
    about: 'an open invoice is void',
    before: open,
    request: ['POST', 'invoices/{it}/void'],
    status: 200,
    body: { status: 'void', amount_due: 1000 },
  },
  {
    about: 'uncollectible twice',
    before: [...open, ['invoices/{it}/mark_uncollectible', {}]],
    request: ['POST', 'invoices/{it}/mark_uncollectible'],
    status: 400,
    message: 'This invoice has already been marked uncollectible.',
  },
  {
    about: 'an uncollectible draft',
    before: billed,
    request: ['POST', 'invoices/{it}/mark_uncollectible'],
    status: 400,
    message: "You can only pass in open invoices. This invoice isn't open.",
  },
  {
    about: 'a paid invoice that is sent',
    before: paid,
    request: ['POST', 'invoices/{it}/send'],
    status: 400,
    message: 'This invoice cannot be sent right now.',
  },
  {
    about: 'a paid invoice that is deleted',
    before: paid,
    request: ['DELETE', 'invoices/{it}'],
    status: 400,
    code: null,
    message: 'You can only delete draft invoices.',
  },
  {
    about: 'the metadata of a paid invoice',
    before: paid,
    request: ['POST', 'invoices/{it}', { metadata: { a: 'b' } }],
    status: 200,
    body: { metadata: { a: 'b' } },
  },
  {
    about: 'the description of a finalized invoice',
    before: open,
    request: ['POST', 'invoices/{it}', { description: 'x' }],
    status: 400,
    code: null,
    param: 'description',
    message: "Finalized invoices can't be updated in this way",
  },
  {
    about: 'the window of a draft that is finalized by itself',
    request: ['POST', ...draft({ auto_advance: true })],
    status: 200,
    body: {
      automatically_finalizes_at: 1_794_335_364 + 3601,
      next_payment_attempt: 1_794_335_364 + 3600,
    },
  },
  {
    about: 'a draft that is not finalized by itself',
    request: ['POST', ...draft()],
    status: 200,
    body: { automatically_finalizes_at: null, next_payment_attempt: null },
  },
  {
    about: 'a wrong status of a list',
    request: ['GET', 'invoices', { status: 'nope' }],
    status: 400,
    code: null,
    param: 'status',
    message: 'Invalid status: must be one of draft, open, void, paid, or uncollectible',
  },
  {
    about: 'an unknown invoice',
    request: ['GET', 'invoices/in_nope'],
    status: 404,
    code: 'resource_missing',
    param: 'invoice',
    message: "No such invoice: 'in_nope'",
  },
  ...['pay', 'finalize', 'void', 'mark_uncollectible'].map(
    (action): NotedAnswer => ({
      about: `an unknown invoice: ${action}`,
      request: ['POST', `invoices/in_nope/${action}`],
      status: 404,
      code: 'resource_missing',
      param: 'id',
    }),
  ),
  {
    about: 'an unknown invoice: send',
    request: ['POST', 'invoices/in_nope/send'],
    status: 404,
    code: 'resource_missing',
    param: 'invoice',
  },
  {
    about: 'an unknown invoice: update',
    request: ['POST', 'invoices/in_nope', { metadata: { a: 'b' } }],
    status: 404,
    code: 'resource_missing',
    param: 'id',
  },
  {
    about: 'an item by amount has a price',
    request: ['POST', ...item],
    status: 200,
    body: {
      amount: 1000,
      pricing: { type: 'price_details', unit_amount_decimal: '1000' },
      proration: false,
      discountable: true,
    },
  },
  {
    about: 'a deleted item',
    before: [item, ['DELETE invoiceitems/{it}', {}]],
    request: ['GET', 'invoiceitems/{it}'],
    status: 404,
    param: 'id',
    message: "No such Invoice Item: '…'",
  },
]

const PAYMENTS: readonly NotedAnswer[] = [
  {
    about: 'a new intent',
    request: ['POST', 'payment_intents', { amount: 2000, currency: 'usd' }],
    status: 200,
    body: {
      status: 'requires_payment_method',
      capture_method: 'automatic_async',
      amount_details: { tip: {} },
    },
  },
  {
    about: 'an intent with a payment method',
    request: ['POST', ...intent({ payment_method: 'pm_card_visa' })],
    status: 200,
    body: { status: 'requires_confirmation' },
  },
  {
    about: 'nothing to pay',
    request: ['POST', 'payment_intents', { amount: 0, currency: 'usd' }],
    status: 400,
    code: 'parameter_invalid_integer',
    param: 'amount',
    message: 'The amount must be greater than or equal to the minimum charge amount allowed',
  },
  {
    about: 'authorized, not captured',
    request: ['POST', ...held],
    status: 200,
    body: { status: 'requires_capture', amount_capturable: 3000, amount_received: 0 },
  },
  {
    about: 'captured in part',
    before: [held],
    request: ['POST', 'payment_intents/{it}/capture', { amount_to_capture: 1000 }],
    status: 200,
    body: { status: 'succeeded', amount_received: 1000 },
  },
  {
    about: 'captured twice',
    before: [held, ['payment_intents/{it}/capture', {}]],
    request: ['POST', 'payment_intents/{it}/capture'],
    status: 400,
    code: 'payment_intent_unexpected_state',
  },
  {
    about: 'too much captured',
    before: [held],
    request: ['POST', 'payment_intents/{it}/capture', { amount_to_capture: 4000 }],
    status: 400,
    code: 'amount_too_large',
  },
  {
    about: 'canceled after success',
    before: [charged],
    request: ['POST', 'payment_intents/{it}/cancel'],
    status: 400,
    code: 'payment_intent_unexpected_state',
    message: 'You cannot cancel this PaymentIntent because it has a status of succeeded.',
  },
  {
    about: 'canceled with a reason',
    before: [intent()],
    request: ['POST', 'payment_intents/{it}/cancel', { cancellation_reason: 'abandoned' }],
    status: 200,
    body: { status: 'canceled', cancellation_reason: 'abandoned' },
  },
  {
    about: 'confirmed without a payment method',
    before: [intent()],
    request: ['POST', 'payment_intents/{it}/confirm'],
    status: 400,
    code: 'payment_intent_unexpected_state',
    message: "You cannot confirm this PaymentIntent because it's missing a payment method.",
  },
  {
    about: 'the amount after success',
    before: [charged],
    request: ['POST', 'payment_intents/{it}', { amount: 100 }],
    status: 400,
    code: 'payment_intent_unexpected_state',
    param: 'amount',
    message:
      "This PaymentIntent's amount could not be updated because it has a status of succeeded.",
  },
  {
    about: 'the description after success',
    before: [charged],
    request: ['POST', 'payment_intents/{it}', { description: 'x' }],
    status: 200,
    body: { description: 'x' },
  },
  {
    about: 'an off-session payment that needs authentication',
    request: [
      'POST',
      ...intent({
        payment_method: 'pm_card_authenticationRequired',
        confirm: true,
        off_session: true,
      }),
    ],
    status: 402,
    code: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
  },
  {
    about: 'a declined payment',
    request: ['POST', ...intent({ payment_method: 'pm_card_chargeDeclined', confirm: true })],
    status: 402,
    code: 'card_declined',
    message: 'Your card was declined.',
  },
  ...(['retrieve', 'confirm', 'capture', 'cancel'] as const).map(
    (action): NotedAnswer => ({
      about: `an unknown intent: ${action}`,
      request:
        action === 'retrieve'
          ? ['GET', 'payment_intents/pi_nope']
          : ['POST', `payment_intents/pi_nope/${action}`],
      status: 404,
      code: 'resource_missing',
      param: 'intent',
      message: "No such payment_intent: 'pi_nope'",
    }),
  ),
  {
    about: 'an unknown charge',
    request: ['GET', 'charges/ch_nope'],
    status: 404,
    code: 'resource_missing',
    param: 'id',
    message: "No such charge: 'ch_nope'",
  },
  {
    about: 'a refund in part',
    before: [charged],
    request: ['POST', 'refunds', { payment_intent: '{it}', amount: 1000 }],
    status: 200,
    body: {
      status: 'succeeded',
      amount: 1000,
      destination_details: {
        card: { reference_status: 'pending', reference_type: 'acquirer_reference_number' },
      },
    },
  },
  {
    about: 'a refund of too much',
    before: [charged],
    request: ['POST', 'refunds', { payment_intent: '{it}', amount: 4000 }],
    status: 400,
    code: null,
    param: 'amount',
    message: 'Refund amount ($40.00) is greater than unrefunded amount on charge ($30.00)',
  },
  {
    about: 'a refund of nothing',
    before: [charged],
    request: ['POST', 'refunds', { payment_intent: '{it}', amount: 0 }],
    status: 400,
    code: 'parameter_invalid_integer',
    param: 'amount',
    message: 'This value must be greater than or equal to 1.',
  },
  {
    about: 'a refund of nothing in particular',
    request: ['POST', 'refunds', {}],
    status: 400,
    code: null,
    param: null,
    message:
      'One of the following params should be provided for this request: payment_intent or charge.',
  },
  {
    about: 'a refund of an unknown charge',
    request: ['POST', 'refunds', { charge: 'ch_nope' }],
    status: 404,
    code: 'resource_missing',
    param: 'id',
    message: "No such charge: 'ch_nope'",
  },
  {
    about: 'a refund for a reason of Stripe alone',
    before: [charged],
    request: ['POST', 'refunds', { payment_intent: '{it}', reason: 'expired_uncaptured_charge' }],
    status: 400,
    code: null,
    param: 'reason',
    message: 'Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer',
  },
]

const METHODS: readonly NotedAnswer[] = [
  {
    about: 'a new setup intent',
    request: ['POST', 'setup_intents', {}],
    status: 200,
    body: {
      status: 'requires_payment_method',
      usage: 'off_session',
      payment_method_options: {
        card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' },
      },
    },
  },
  {
    about: 'a setup intent with a payment method',
    request: ['POST', ...setup({ payment_method: 'pm_card_visa' })],
    status: 200,
    body: { status: 'requires_confirmation' },
  },
  {
    about: "another customer's payment method",
    request: ['POST', ...setup({ customer: '{poor}', payment_method: '{card}' })],
    status: 400,
    code: null,
    param: 'payment_method',
    message:
      'The PaymentMethod … does not belong to the Customer you supplied …. Please use this PaymentMethod with the Customer that it belongs to instead.',
  },
  {
    about: 'confirmed without a payment method',
    before: [setup()],
    request: ['POST', 'setup_intents/{it}/confirm'],
    status: 400,
    code: 'setup_intent_unexpected_state',
    message: "You cannot confirm this SetupIntent because it's missing a payment method.",
  },
  {
    about: 'confirmed again',
    before: [setup({ payment_method: 'pm_card_visa' }), ['setup_intents/{it}/confirm', {}]],
    request: ['POST', 'setup_intents/{it}/confirm'],
    status: 400,
    code: 'setup_intent_unexpected_state',
    message: 'You cannot confirm this SetupIntent because it has already succeeded.',
  },
  {
    about: 'canceled after success',
    before: [setup({ payment_method: 'pm_card_visa' }), ['setup_intents/{it}/confirm', {}]],
    request: ['POST', 'setup_intents/{it}/cancel'],
    status: 400,
    code: 'setup_intent_unexpected_state',
    message: 'You cannot cancel this SetupIntent because it has a status of succeeded.',
  },
  {
    about: 'canceled twice',
    before: [setup(), ['setup_intents/{it}/cancel', {}]],
    request: ['POST', 'setup_intents/{it}/cancel'],
    status: 400,
    code: 'setup_intent_unexpected_state',
    message: 'You cannot cancel this SetupIntent because it is already canceled.',
  },
  {
    about: 'the description after success',
    before: [setup({ payment_method: 'pm_card_visa' }), ['setup_intents/{it}/confirm', {}]],
    request: ['POST', 'setup_intents/{it}', { description: 'x' }],
    status: 200,
    body: { description: 'x' },
  },
  {
    about: 'another payment method after success',
    before: [setup({ payment_method: 'pm_card_visa' }), ['setup_intents/{it}/confirm', {}]],
    request: ['POST', 'setup_intents/{it}', { payment_method: 'pm_card_visa' }],
    status: 400,
    message: 'You cannot update this SetupIntent because it has already succeeded.',
  },
  {
    about: 'an unknown setup intent',
    request: ['GET', 'setup_intents/seti_nope'],
    status: 404,
    code: 'resource_missing',
    param: 'intent',
    message: "No such setupintent: 'seti_nope'",
  },
  {
    about: 'attached again to the same customer',
    request: ['POST', 'payment_methods/{card}/attach', { customer: '{customer}' }],
    status: 200,
  },
  {
    about: 'attached without a customer',
    request: ['POST', 'payment_methods/pm_card_visa/attach', {}],
    status: 400,
    code: 'parameter_missing',
    param: null,
    message: 'Must provide customer or customer_account.',
  },
  {
    about: 'a card that is declined when it is attached',
    request: ['POST', 'payment_methods/pm_card_chargeDeclined/attach', { customer: '{customer}' }],
    status: 402,
    code: 'card_declined',
  },
  {
    about: 'a card that is declined only when it is charged',
    request: [
      'POST',
      'payment_methods/pm_card_chargeCustomerFail/attach',
      { customer: '{customer}' },
    ],
    status: 200,
  },
  {
    about: 'detached without a customer',
    before: [['payment_methods', { type: 'card', card: { token: 'tok_visa' } }]],
    request: ['POST', 'payment_methods/{it}/detach'],
    status: 400,
    code: null,
    message:
      'The payment method you provided is not attached to a customer so detachment is impossible.',
  },
  {
    about: 'the payment methods of nobody',
    request: ['GET', 'payment_methods', { type: 'card' }],
    status: 200,
    body: { data: [] },
  },
  {
    about: 'the payment methods of an unknown customer',
    request: ['GET', 'payment_methods', { type: 'card', customer: 'cus_nope' }],
    status: 400,
    code: 'resource_missing',
    param: 'customer',
  },
  {
    about: 'an unknown payment method',
    request: ['GET', 'payment_methods/pm_nope'],
    status: 404,
    code: 'resource_missing',
    param: 'payment_method',
    message: "No such PaymentMethod: 'pm_nope'",
  },
  {
    about: 'an unknown payment method that is attached',
    request: ['POST', 'payment_methods/pm_nope/attach', { customer: '{customer}' }],
    status: 404,
    code: 'resource_missing',
    param: 'payment_method',
  },
]

const ACCOUNT: readonly NotedAnswer[] = [
  {
    about: 'a customer with a balance has a currency',
    request: ['POST', 'customers', { balance: 500 }],
    status: 200,
    body: { balance: 500, currency: 'usd' },
  },
  {
    about: 'a customer without a balance has none',
    request: ['POST', 'customers', { balance: 0 }],
    status: 200,
    body: { currency: null },
  },
  {
    about: 'a malformed e-mail',
    request: ['POST', 'customers', { email: 'nope' }],
    status: 400,
    code: 'email_invalid',
    param: 'email',
    message: 'Invalid email address: nope',
  },
  {
    about: 'an unknown customer',
    request: ['GET', 'customers/cus_nope'],
    status: 404,
    code: 'resource_missing',
    param: 'id',
    message: "No such customer: 'cus_nope'",
  },
  {
    about: 'a deleted customer',
    before: [['customers', {}]],
    request: ['DELETE', 'customers/{it}'],
    status: 200,
    body: { object: 'customer', deleted: true },
  },
  {
    about: 'an unknown balance transaction',
    request: ['GET', 'balance_transactions/txn_nope'],
    status: 404,
    code: 'resource_missing',
    param: 'id',
    message: "No such balance transaction: 'txn_nope'",
  },
  {
    about: 'an unknown dispute',
    request: ['GET', 'disputes/du_nope'],
    status: 404,
    code: 'resource_missing',
    param: 'dispute',
    message: "No such dispute: 'du_nope'",
  },
  {
    about: 'too many levels of expansion',
    request: ['GET', 'subscriptions', { expand: ['data.items.data.price.product'] }],
    status: 400,
    code: 'property_expansion_max_depth',
    message: 'You cannot expand more than 4 levels of a property.',
  },
  {
    about: 'an upcoming invoice',
    request: ['GET', 'invoices/upcoming', { customer: '{customer}' }],
    status: 404,
    message:
      'This API method has been deprecated. Please use the Create Preview Invoice API instead',
  },
]

/**
 * Answers of Stripe in test mode that were noted in public: by a project that probed 2026-08-26.dahlia (its notes on
 * subscriptions, invoices, payments, setup intents, refunds, customers and the catalogue), and in error messages quoted in several
 * repositories. Facts and short messages only.
 */
export const notedAnswers: Readonly<Record<string, readonly NotedAnswer[]>> = {
  subscriptions: SUBSCRIPTIONS,
  invoices: INVOICES,
  payments: PAYMENTS,
  'payment methods': METHODS,
  account: ACCOUNT,
  ...CATALOG_NOTED,
  ...BILLING_NOTED,
}
