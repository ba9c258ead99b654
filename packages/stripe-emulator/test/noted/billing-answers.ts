import type { NotedAnswer } from './noted-answer.ts'

/** Further answers of Stripe about invoices, items, lists and Checkout: probed at 2026-08-26.dahlia, or quoted in public threads. */

const draft = ['invoices', { customer: '{customer}' }] as const
const item = ['invoiceitems', { customer: '{customer}', amount: 700, currency: 'usd' }] as const
const swept = [
  item,
  ['invoices', { customer: '{customer}', pending_invoice_items_behavior: 'include' }],
] as const
const session = (form: object = {}) =>
  [
    'checkout/sessions',
    {
      mode: 'subscription',
      success_url: 'https://app.test/done',
      line_items: [{ price: '{price}', quantity: 1 }],
      ...form,
    },
  ] as const
const once = ['prices', { currency: 'usd', product: '{product}', unit_amount: 500 }] as const

const LINES: readonly NotedAnswer[] = [
  {
    about: 'an unknown invoice item',
    request: ['GET', 'invoiceitems/ii_nope'],
    status: 404,
    code: 'resource_missing',
    param: 'id',
    message: "No such Invoice Item: 'ii_nope'(livemode=false)",
  },
  {
    about: 'a line with an amount and a quantity',
    before: [draft],
    request: ['POST', 'invoices/{it}/add_lines', { lines: [{ amount: 5, quantity: 2 }] }],
    status: 400,
    param: 'lines[0][amount]',
    message: 'You may only specify one of these parameters: amount, quantity.',
  },
  {
    about: 'a line that is removed, without what becomes of it',
    before: [draft],
    request: ['POST', 'invoices/{it}/remove_lines', { lines: [{ id: 'il_nope' }] }],
    status: 400,
    code: 'parameter_missing',
    param: 'lines[0][behavior]',
  },
  {
    about: 'a line on a final invoice',
    before: [...swept, ['invoices/{it}/finalize', {}]],
    request: ['POST', 'invoices/{it}/add_lines', { lines: [{ amount: 5, description: 'x' }] }],
    status: 400,
    code: 'invoice_not_editable',
    message: 'Invalid invoice: This invoice is no longer editable',
  },
  {
    about: 'an open invoice that is deleted',
    before: [...swept, ['invoices/{it}/finalize', {}]],
    request: ['DELETE', 'invoices/{it}'],
    status: 400,
    message: 'You can only delete draft invoices.',
  },
  {
    about: 'what becomes of pending items: a wrong word',
    request: [
      'POST',
      'invoices',
      { customer: '{customer}', pending_invoice_items_behavior: 'some' },
    ],
    status: 400,
    code: null,
    param: 'pending_invoice_items_behavior',
  },
]

const LISTS: readonly NotedAnswer[] = [
  {
    about: 'a limit that is no number',
    request: ['GET', 'customers', { limit: 'abc' }],
    status: 400,
    code: 'parameter_invalid_integer',
    param: 'limit',
    message: 'Invalid integer: abc',
  },
  {
    about: 'an unknown parameter',
    request: ['GET', 'customers', { wat: 'x' }],
    status: 400,
    code: 'parameter_unknown',
    param: 'wat',
    message: 'Received unknown parameter: wat',
  },
  {
    about: 'an unknown parameter inside another',
    request: ['POST', 'customers', { invoice_settings: { nope: 'x' } }],
    status: 400,
    code: 'parameter_unknown',
    param: 'invoice_settings[nope]',
    message: 'Received unknown parameter: invoice_settings[nope]',
  },
  {
    about: 'an unknown id to start after',
    request: ['GET', 'customers', { starting_after: 'cus_aaa' }],
    status: 400,
    code: 'resource_missing',
    param: 'starting_after',
    message: "No such customer: 'cus_aaa'",
  },
  {
    about: 'both directions',
    request: ['GET', 'customers', { starting_after: '{customer}', ending_before: '{poor}' }],
    status: 400,
    code: null,
    param: null,
    message: 'Received both starting_after and ending_before parameters. Please pass in only one.',
  },
  {
    about: 'a value of metadata of more than 500 characters',
    request: ['POST', 'customers', { metadata: { cart: 'c'.repeat(504) } }],
    status: 400,
    message:
      'Metadata values can have up to 500 characters, but you passed in a value that is 504 characters.',
  },
  {
    about: 'a key of metadata of more than 40 characters',
    request: [
      'POST',
      'customers',
      { metadata: { company_business_operation_identity_ident: 'x' } },
    ],
    status: 400,
    message:
      'Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters. Invalid key: company_business_operation_identity_ident',
  },
]

const CHECKOUT: readonly NotedAnswer[] = [
  {
    about: 'a discount and the box for codes',
    before: [['coupons', { percent_off: 10, duration: 'once' }]],
    request: ['POST', ...session({ allow_promotion_codes: true, discounts: [{ coupon: '{it}' }] })],
    status: 400,
    message: 'You may only specify one of these parameters: allow_promotion_codes, discounts.',
  },
  {
    about: 'a customer and an e-mail',
    request: ['POST', ...session({ customer: '{customer}', customer_email: 'a@example.org' })],
    status: 400,
    message: 'You may only specify one of these parameters: customer, customer_email.',
  },
  {
    about: 'a recurring price in payment mode',
    request: ['POST', ...session({ mode: 'payment' })],
    status: 400,
    message:
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
  },
  {
    about: 'only one-time prices in subscription mode',
    before: [once],
    request: ['POST', ...session({ line_items: [{ price: '{it}', quantity: 1 }] })],
    status: 400,
    message:
      'You must provide at least one recurring price in `subscription` mode when using prices.',
  },
  {
    about: 'an inactive price',
    before: [once, ['prices/{it}', { active: false }]],
    request: [
      'POST',
      ...session({ mode: 'payment', line_items: [{ price: '{it}', quantity: 1 }] }),
    ],
    status: 400,
    message: 'The price specified is inactive. This field only accepts active prices.',
  },
  {
    about: 'an inactive promotion code',
    before: [
      ['coupons', { percent_off: 10, duration: 'once' }],
      ['promotion_codes', { promotion: { type: 'coupon', coupon: '{it}' } }],
      ['promotion_codes/{it}', { active: false }],
    ],
    request: ['POST', ...session({ discounts: [{ promotion_code: '{it}' }] })],
    status: 400,
    param: 'discounts[0][promotion_code]',
  },
  {
    about: 'a page to return to that is too long',
    request: ['POST', ...session({ success_url: `https://app.test/${'a'.repeat(5000)}` })],
    status: 400,
    param: 'success_url',
    message: 'Invalid string: http...aaaa; must be at most 5000 characters',
  },
]

const PAYMENTS: readonly NotedAnswer[] = [
  {
    about: 'a canceled intent that is confirmed',
    before: [
      ['payment_intents', { amount: 500, currency: 'usd', allowed_payment_method_types: ['card'] }],
      ['payment_intents/{it}/cancel', {}],
    ],
    request: ['POST', 'payment_intents/{it}/confirm', { payment_method: '{card}' }],
    status: 400,
    code: 'payment_intent_unexpected_state',
    message:
      "This PaymentIntent's payment_method could not be updated because it has a status of canceled. You may only update the payment_method of a PaymentIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.",
  },
  {
    about: 'a canceled intent that is canceled again',
    before: [
      ['payment_intents', { amount: 500, currency: 'usd', allowed_payment_method_types: ['card'] }],
      ['payment_intents/{it}/cancel', {}],
    ],
    request: ['POST', 'payment_intents/{it}/cancel'],
    status: 400,
    code: 'payment_intent_unexpected_state',
    message:
      'You cannot cancel this PaymentIntent because it has a status of canceled. Only a PaymentIntent with one of the following statuses may be canceled: ',
  },
]

export const BILLING_NOTED = {
  'lines and items': LINES,
  'lists and metadata': LISTS,
  Checkout: CHECKOUT,
  'further payments': PAYMENTS,
}
