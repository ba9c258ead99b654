import type { Context } from '../../../core/context.ts'
import type { Subscription } from '../../../documents.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { pendingIntervalFields } from '../items/pending-interval.ts'
import { changedInvoiceSettings, changedPaymentSettings } from '../requests/settings-params.ts'
import type { SubscriptionUpdate } from '../requests/subscription-params.ts'

const blankDetails = { comment: null, feedback: null, feedback_option: null, reason: null }

/** The fields of a subscription that an update only stores. */
export function changedFields(
  ctx: Context,
  before: Subscription,
  params: SubscriptionUpdate,
): Partial<Subscription> {
  const {
    cancellation_details: details,
    invoice_settings: settings,
    pause_collection: pause,
    payment_settings: payment,
    pending_invoice_item_interval: interval,
  } = params
  return {
    metadata: changeMetadata(before.metadata, params.metadata),
    ...named(params, 'default_payment_method'),
    ...named(params, 'default_source'),
    ...named(params, 'description'),
    ...named(params, 'collection_method'),
    ...named(params, 'days_until_due'),
    // Back to automatic charges: no days any more.
    ...(params.collection_method === 'charge_automatically' ? { days_until_due: null } : {}),
    ...(pause === undefined
      ? {}
      : {
          pause_collection:
            pause === null
              ? null
              : { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null },
        }),
    ...(params.trial_settings === undefined
      ? {}
      : { trial_settings: trialSettings(before.trial_settings, params.trial_settings) }),
    ...(payment === undefined
      ? {}
      : { payment_settings: changedPaymentSettings(before.payment_settings, payment) }),
    ...(settings === undefined
      ? {}
      : { invoice_settings: changedInvoiceSettings(before.invoice_settings, settings) }),
    ...(interval === undefined
      ? {}
      : pendingIntervalFields(interval, ctx.timeOf(before.test_clock))),
    ...(details === undefined
      ? {}
      : { cancellation_details: { ...blankDetails, ...before.cancellation_details, ...details } }),
  }
}

type Stored =
  | 'collection_method'
  | 'days_until_due'
  | 'default_payment_method'
  | 'default_source'
  | 'description'

/** One parameter, where it is given. */
function named(params: SubscriptionUpdate, name: Stored): Partial<Subscription> {
  const value = params[name]
  return value === undefined ? {} : { [name]: value }
}

type TrialSettings = NonNullable<Subscription['trial_settings']>

/** The trial settings after a change; what is not named stays. */
export function trialSettings(
  before: Subscription['trial_settings'],
  change: NonNullable<SubscriptionUpdate['trial_settings']>,
): TrialSettings {
  const { billing_cycle_anchor: anchor, missing_payment_method: missing } = change.end_behavior
  const known = before?.end_behavior
  return {
    end_behavior: {
      billing_cycle_anchor: anchor ?? known?.billing_cycle_anchor ?? null,
      missing_payment_method: missing ?? known?.missing_payment_method ?? 'create_invoice',
    },
  }
}
