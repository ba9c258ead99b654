type Json = null | string | number | boolean | Json[] | { [key: string]: Json }

/** A difference that is expected, and why. `object` is the object it is in, `field` its path there. */
export interface Accepted {
  object: string
  field: string
  kind: 'missing' | 'extra' | 'type'
  why: string
}

/**
 * Where the recordings (clover, dahlia) and the pinned version (2026-10-28.endive) differ, from the
 * package's CHANGELOG; and where the recorded account is set up in a way that ours is not.
 */
const newer = (object: string, field: string, why: string): Accepted => ({
  object,
  field,
  kind: 'extra',
  why,
})

const OTHER_METHODS = 'the recorded account takes other payment methods too; ours takes cards'

export const accepted: readonly Accepted[] = [
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
  { object: 'payment_intent', field: 'payment_method_types', kind: 'type', why: OTHER_METHODS },
  { object: 'checkout.session', field: 'payment_method_types', kind: 'type', why: OTHER_METHODS },
  ...['acss_debit', 'cashapp', 'link', 'us_bank_account'].map(
    (name): Accepted => ({
      object: 'payment_intent',
      field: `payment_method_options.${name}`,
      kind: 'missing',
      why: OTHER_METHODS,
    }),
  ),
]

function kindOf(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value
}

interface Place {
  object: string
  field: string
}

function compare(
  recorded: Json,
  ours: Json | undefined,
  at: Place,
  found: string[],
  allowed: readonly Accepted[],
): void {
  const tell = (kind: Accepted['kind'], field: string, what: string) => {
    const isAllowed = allowed.some(
      (one) => one.object === at.object && one.field === field && one.kind === kind,
    )
    if (!isAllowed) found.push(`${at.object}.${field}: ${what}`)
  }
  const [theirs, mine] = [kindOf(recorded), kindOf(ours)]
  if (theirs === 'null' && mine === 'null') return
  if (theirs !== mine)
    return tell(
      'type',
      at.field,
      `recorded ${theirs} ${JSON.stringify(recorded)?.slice(0, 60)}, ours ${mine} ${JSON.stringify(ours)?.slice(0, 60)}`,
    )
  if (Array.isArray(recorded) && Array.isArray(ours)) {
    if (recorded.length !== ours.length)
      return tell('type', at.field, `recorded ${recorded.length} entries, ours ${ours.length}`)
    for (const [index, item] of recorded.entries())
      compare(item, ours[index], { ...at, field: `${at.field}[]` }, found, allowed)
    return
  }
  if (
    typeof recorded !== 'object' ||
    recorded === null ||
    typeof ours !== 'object' ||
    ours === null ||
    Array.isArray(recorded) ||
    Array.isArray(ours)
  )
    return
  if (at.field.endsWith('metadata')) return
  const name = recorded['object']
  const inside =
    typeof name === 'string' && name !== 'list'
      ? { object: name, prefix: '' }
      : { object: at.object, prefix: at.field === '' ? '' : `${at.field}.` }
  const place = { object: inside.object, field: inside.prefix }
  for (const key of new Set([...Object.keys(recorded), ...Object.keys(ours)])) {
    const field = `${place.field}${key}`
    const is = (kind: Accepted['kind']) =>
      allowed.some((one) => one.object === place.object && one.field === field && one.kind === kind)
    if (!(key in ours)) {
      if (!is('missing')) found.push(`${place.object}.${field}: recorded, not ours`)
    } else if (!(key in recorded)) {
      if (!is('extra')) found.push(`${place.object}.${field}: ours, not recorded`)
    } else
      compare(recorded[key] ?? null, ours[key], { object: place.object, field }, found, allowed)
  }
}

/** Where two answers differ in shape: fields, kinds of values, lengths of lists. Not in values. */
export function differences(recorded: Json, ours: Json, allowed: readonly Accepted[]): string[] {
  const found: string[] = []
  compare(recorded, ours, { object: 'answer', field: '' }, found, allowed)
  return [...new Set(found)].sort()
}
