type Json = null | string | number | boolean | Json[] | { [key: string]: Json }

/** An accepted difference with its reason. `field` is the path in `object`. */
export interface Accepted {
  object: string
  field: string
  kind: 'missing' | 'extra' | 'type'
  why: string
}

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
  return Array.isArray(value) ? 'array' : typeof value
}

function isRecord(value: Json | undefined): value is { [key: string]: Json } {
  return kindOf(value) === 'object'
}

class Comparison {
  readonly found = new Set<string>()
  readonly #allowed: readonly Accepted[]

  constructor(allowed: readonly Accepted[]) {
    this.#allowed = allowed
  }

  /** Compares two values at a field of an object. */
  compare(recorded: Json, ours: Json | undefined, at: { object: string; field: string }): void {
    const [theirs, mine] = [kindOf(recorded), kindOf(ours)]
    if (theirs !== mine) {
      this.#report({ ...at, kind: 'type' }, `recorded ${theirs}, ours ${mine}`)
    } else if (Array.isArray(recorded) && Array.isArray(ours)) {
      this.#compareLists(recorded, ours, at)
    } else if (isRecord(recorded) && isRecord(ours) && !at.field.endsWith('metadata')) {
      this.#compareFields(recorded, ours, at)
    }
  }

  #compareLists(recorded: Json[], ours: Json[], at: { object: string; field: string }): void {
    if (recorded.length !== ours.length) {
      this.#report(
        { ...at, kind: 'type' },
        `recorded ${recorded.length} entries, ours ${ours.length}`,
      )
      return
    }
    for (const [index, item] of recorded.entries()) this.compare(item, ours[index], at)
  }

  #compareFields(
    recorded: { [key: string]: Json },
    ours: { [key: string]: Json },
    at: { object: string; field: string },
  ): void {
    const name = recorded['object']
    const isObject = typeof name === 'string' && name !== 'list'
    const object = isObject ? name : at.object
    const prefix = isObject || at.field === '' ? '' : `${at.field}.`
    for (const key of new Set([...Object.keys(recorded), ...Object.keys(ours)])) {
      const place = { object, field: `${prefix}${key}` }
      if (!(key in ours)) this.#report({ ...place, kind: 'missing' }, 'recorded, not ours')
      else if (!(key in recorded)) this.#report({ ...place, kind: 'extra' }, 'ours, not recorded')
      else this.compare(recorded[key] ?? null, ours[key], place)
    }
  }

  #report(difference: Omit<Accepted, 'why'>, what: string): void {
    const { object, field, kind } = difference
    const isAllowed = this.#allowed.some(
      (one) => one.object === object && one.field === field && one.kind === kind,
    )
    if (!isAllowed) this.found.add(`${object}.${field}: ${what}`)
  }
}

/** The differences of two responses in shape: fields, types of values, lengths of lists; not in values. */
export function differences(
  recorded: Json,
  ours: Json,
  allowed: readonly Accepted[],
): ReadonlySet<string> {
  const comparison = new Comparison(allowed)
  comparison.compare(recorded, ours, { object: 'answer', field: '' })
  return comparison.found
}
