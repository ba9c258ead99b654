import { ACCOUNT } from '../../../core/account.ts'
import type { Context } from '../../../core/context.ts'
import { invalidRequest, notEmulated } from '../../../core/errors.ts'
import { requireCardType } from '../../payments/open-intent.ts'
import type { SessionParams } from '../params/session-params.ts'
import { checkSubscriptionData } from './check-subscription.ts'

type Mode = 'payment' | 'setup' | 'subscription'
type Name = keyof SessionParams
type Params = SessionParams & { mode: Mode }

/** The parameters that only some modes have. */
const MODES_OF: readonly (readonly [Name, readonly Mode[]])[] = [
  ['payment_intent_data', ['payment']],
  ['setup_intent_data', ['setup']],
  ['subscription_data', ['subscription']],
  ['line_items', ['payment', 'subscription']],
  ['optional_items', ['payment', 'subscription']],
  ['discounts', ['payment', 'subscription']],
  ['allow_promotion_codes', ['payment', 'subscription']],
  ['phone_number_collection', ['payment', 'subscription']],
  ['saved_payment_method_options', ['payment', 'subscription']],
  ['submit_type', ['payment', 'subscription']],
]

const EXCLUSIVE: readonly (readonly [Name, Name])[] = [
  ['customer', 'customer_email'],
  ['customer', 'customer_creation'],
  ['allow_promotion_codes', 'discounts'],
  ['payment_method_types', 'allowed_payment_method_types'],
]

/** Throws 400 for parameters that Checkout refuses, alone or together. Those of the items are read by `readItems`. */
export function checkParams(ctx: Context, params: Params): void {
  for (const [name, modes] of MODES_OF) {
    if (params[name] === undefined || modes.includes(params.mode)) continue
    refuse(`You can not pass \`${name}\` in \`${params.mode}\` mode.`, name)
  }
  for (const [one, other] of EXCLUSIVE) {
    if (params[one] === undefined || params[other] === undefined) continue
    throw invalidRequest(`You may only specify one of these parameters: ${one}, ${other}.`, {
      code: 'parameters_exclusive',
      param: one,
    })
  }
  checkCreation(params)
  checkCustomerUpdate(params)
  checkPaymentMethods(params)
  checkCustomFields(params.custom_fields ?? [])
  checkUrls(params)
  checkSubscriptionData(ctx, params.subscription_data)
}

function refuse(message: string, param?: string): never {
  throw invalidRequest(message, param === undefined ? {} : { param })
}

function checkCreation({
  customer_creation: creation,
  invoice_creation: invoice,
  ...params
}: Params) {
  if (creation !== undefined && params.mode === 'subscription') {
    refuse('`customer_creation` can only be used in `payment` mode.', 'customer_creation')
  }
  if (invoice?.enabled !== true) return
  if (params.mode !== 'payment') {
    refuse(
      'You can only enable invoice creation when mode is set to payment. Invoices are created automatically when mode is set to subscription, and are unsupported when set to setup. To learn more visit https://stripe.com/docs/payments/checkout/post-payment-invoices.',
      'invoice_creation',
    )
  }
  if (params.payment_intent_data?.capture_method === 'manual') {
    throw notEmulated('`invoice_creation` for a payment that is captured later', 'invoice_creation')
  }
}

function checkCustomerUpdate({ customer, customer_update: update, ...params }: Params): void {
  if (update !== undefined && customer === undefined) {
    refuse(
      '`customer_update` can only be used with `customer` or `customer_account`.',
      'customer_update',
    )
  }
  const asksTaxId = params.tax_id_collection?.enabled === true
  if (asksTaxId && customer !== undefined && update?.name !== 'auto') {
    refuse(
      'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.',
    )
  }
}

function checkPaymentMethods(params: Params): void {
  const { allowed_payment_method_types: allowed, payment_method_types: types } = params
  requireCardType(allowed, 'allowed_payment_method_types')
  requireCardType(types, 'payment_method_types')
  if (params.excluded_payment_method_types?.includes('card')) {
    throw notEmulated('a payment without cards', 'excluded_payment_method_types')
  }
  const { payment_method_configuration: configuration = ACCOUNT.paymentMethodConfiguration } =
    params
  if (configuration !== ACCOUNT.paymentMethodConfiguration) {
    throw invalidRequest(`No such payment_method_configuration: '${configuration}'`, {
      code: 'resource_missing',
      param: 'payment_method_configuration',
    })
  }
  if (params.mode === 'setup' && params.currency === undefined && !(allowed ?? types)) {
    throw invalidRequest('Missing required param: currency.', {
      code: 'parameter_missing',
      param: 'currency',
    })
  }
  if (params.payment_method_collection === undefined || params.mode === 'subscription') return
  const when =
    params.mode === 'payment' ? 'if there are recurring prices' : 'in `subscription` mode'
  refuse(`You can only set \`payment_method_collection\` ${when}.`, 'payment_method_collection')
}

function checkCustomFields(fields: NonNullable<SessionParams['custom_fields']>): void {
  for (const [index, field] of fields.entries()) {
    const param = `custom_fields[${index}]`
    if (!/^[a-z0-9_-]+$/i.test(field.key)) {
      refuse(`The key of a custom field must be alphanumeric: ${field.key}`, `${param}[key]`)
    }
    if (fields.some((other, at) => at < index && other.key === field.key)) {
      refuse(`The keys of custom fields must be unique: ${field.key}`, `${param}[key]`)
    }
    for (const type of ['dropdown', 'numeric', 'text'] as const) {
      if (field[type] === undefined || field.type === type) continue
      refuse(`You can only pass \`${type}\` where \`type\` is \`${type}\`.`, `${param}[${type}]`)
    }
    if (field.type !== 'dropdown') {
      const { minimum_length: least = 0, maximum_length: most = least } = field[field.type] ?? {}
      if (least <= most) continue
      refuse(
        'The `maximum_length` must not be less than the `minimum_length`.',
        `${param}[${field.type}][maximum_length]`,
      )
    }
    if (field.dropdown === undefined) {
      throw invalidRequest(`Missing required param: ${param}[dropdown].`, {
        code: 'parameter_missing',
        param: `${param}[dropdown]`,
      })
    }
    const { default_value: first, options } = field.dropdown
    if (new Set(options.map(({ value }) => value)).size < options.length) {
      refuse('The `value` of each option must be unique.', `${param}[dropdown][options]`)
    }
    if (first === undefined || options.some(({ value }) => value === first)) continue
    refuse(
      'The `default_value` must match the `value` of one of the `options`.',
      `${param}[dropdown][default_value]`,
    )
  }
}

const OF_HOSTED = ['success_url', 'cancel_url'] as const
const OF_EMBEDDED = ['return_url', 'redirect_on_completion'] as const

function checkUrls(params: Params): void {
  const ui = params.ui_mode ?? 'hosted_page'
  const isEmbedded = ui === 'embedded_page'
  for (const name of isEmbedded ? OF_HOSTED : OF_EMBEDDED) {
    if (params[name] === undefined) continue
    refuse(`You can not pass \`${name}\` when \`ui_mode\` is \`${ui}\`.`, name)
  }
  const stays = params.redirect_on_completion === 'never'
  if (isEmbedded && stays && params.return_url !== undefined) {
    refuse('You can not pass `return_url` when `redirect_on_completion` is `never`.', 'return_url')
  }
  const needed = isEmbedded ? 'return_url' : 'success_url'
  if (params[needed] !== undefined || (isEmbedded && stays)) return
  throw invalidRequest(`Missing required param: ${needed}.`, {
    code: 'parameter_missing',
    param: needed,
  })
}
